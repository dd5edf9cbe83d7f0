using Sharing.Core;

namespace Sharing.Offline;

/// <summary>Merges what many people shared into one order, newest first, reading from each only what is needed.</summary>
sealed class FeedMerge(IRecordStore records, IReadOnlyList<PersonId> authors, PagePlace? after) : IAsyncDisposable
{
    readonly PriorityQueue<IAsyncEnumerator<Record>, PagePlace> _heads = new();
    bool _opened;

    public async Task<IReadOnlyList<PagePlace>> TakeAsync(int count, CancellationToken cancellationToken)
    {
        if (!_opened)
        {
            _opened = true;
            foreach (var author in authors)
            {
                var range = RecordRange.Under("network-by", author.Value);
                if (after is { } cursor)
                {
                    range = range.After(RecordKey.Of("network-by", author.Value, cursor.Order, cursor.Id));
                }

                await QueueAsync(records.ScanAsync(range, cancellationToken).GetAsyncEnumerator(cancellationToken));
            }
        }

        var taken = new List<PagePlace>(count);
        while (taken.Count < count && _heads.TryDequeue(out var head, out var at))
        {
            taken.Add(at);
            await QueueAsync(head);
        }

        return taken;
    }

    public async ValueTask DisposeAsync()
    {
        while (_heads.TryDequeue(out var head, out _))
        {
            await head.DisposeAsync();
        }
    }

    async ValueTask QueueAsync(IAsyncEnumerator<Record> entries)
    {
        if (await entries.MoveNextAsync())
        {
            _heads.Enqueue(entries, PagePlace.Of(entries.Current.Key));
        }
        else
        {
            await entries.DisposeAsync();
        }
    }
}
