using System.Globalization;
using System.Text;
using Sharing.Core;

namespace Sharing.Offline;

/// <summary>A place in a feed: the key parts of an entry, after which the next page begins.</summary>
/// <param name="Order">The entry's time, in the form that sorts the newest first.</param>
/// <param name="Id">The entry.</param>
readonly record struct FeedCursor(string Order, string Id) : IComparable<FeedCursor>
{
    public int CompareTo(FeedCursor other) => string.CompareOrdinal(Order, other.Order) is var order and not 0
        ? order
        : string.CompareOrdinal(Id, other.Id);

    public override string ToString() => $"{Order}.{Id}";

    public static FeedCursor? Parse(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var dot = text.IndexOf('.', StringComparison.Ordinal);
        return dot == 19 && text.Length is > 20 and <= 84 && Ascii.IsValid(text) && long.TryParse(text.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out _)
            ? new(text[..dot], text[(dot + 1)..])
            : throw Resources.Invalid("That cursor is not one of ours.");
    }
}

/// <summary>Merges what many people shared into one order, newest first, reading from each only what is needed.</summary>
sealed class FeedMerge(IRecordStore records, IReadOnlyList<PersonId> authors, FeedCursor? after) : IAsyncDisposable
{
    readonly PriorityQueue<IAsyncEnumerator<Record>, FeedCursor> _heads = new();
    bool _opened;

    public async Task<IReadOnlyList<FeedCursor>> TakeAsync(int count, CancellationToken cancellationToken)
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

        var taken = new List<FeedCursor>(count);
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
            _heads.Enqueue(entries, new(entries.Current.Key.Part(1), entries.Current.Key.Part(2)));
        }
        else
        {
            await entries.DisposeAsync();
        }
    }
}
