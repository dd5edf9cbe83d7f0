using Sharing.Core;

namespace Sharing.Offline;

/// <summary>Merges what many people shared into one order, newest first, reading from each only what is needed: a few of each at once, and more of whom they do not suffice.</summary>
sealed class FeedMerge(IRecordStore records, IReadOnlyList<PersonId> authors, PagePlace? after)
{
    const int AtFirst = 2, Again = 20;

    readonly PriorityQueue<Head, PagePlace> _heads = new();
    bool _opened;

    public async Task<IReadOnlyList<PagePlace>> TakeAsync(int count, CancellationToken cancellationToken)
    {
        if (!_opened)
        {
            _opened = true;
            RecordRange[] ranges = [.. authors.Select(RangeOf)];
            var heads = await records.HeadsAsync(ranges, AtFirst, cancellationToken);
            for (var i = 0; i < ranges.Length; i++)
            {
                Queue(new(ranges[i], heads[i], heads[i].Count == AtFirst));
            }
        }

        var taken = new List<PagePlace>(count);
        while (taken.Count < count && _heads.TryDequeue(out var head, out var at))
        {
            taken.Add(at);
            await NextAsync(head, cancellationToken);
        }

        return taken;
    }

    async ValueTask NextAsync(Head head, CancellationToken cancellationToken)
    {
        if (head.At + 1 < head.Entries.Count)
        {
            Queue(head with { At = head.At + 1 });
        }
        else if (head.HasMore)
        {
            var range = head.Range.After(head.Entries[^1].Key);
            var entries = (await records.HeadsAsync([range], Again, cancellationToken))[0];
            Queue(new(range, entries, entries.Count == Again));
        }
    }

    void Queue(Head head)
    {
        if (head.Entries.Count > 0)
        {
            _heads.Enqueue(head, PagePlace.Of(head.Entries[head.At].Key));
        }
    }

    RecordRange RangeOf(PersonId author)
    {
        var range = RecordRange.Under("network-by", author.Value);
        return after is { } cursor ? range.After(RecordKey.Of("network-by", author.Value, cursor.Order, cursor.Id)) : range;
    }

    /// <summary>What was read of somebody, and how far it was taken.</summary>
    sealed record Head(RecordRange Range, IReadOnlyList<Record> Entries, bool HasMore, int At = 0);
}
