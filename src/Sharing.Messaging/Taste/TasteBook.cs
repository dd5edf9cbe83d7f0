using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.Messaging;

/// <summary>Tastes in the records: <c>taste/{person}</c>. Thread-safe singleton.</summary>
sealed class TasteBook(IRecordStore records, CatalogBook catalog, MessageBook book, IOptions<MessageOptions> options, TimeProvider time) : ITastes
{
    const int MostInterests = 200;

    static readonly TimeSpan Day = TimeSpan.FromDays(1), Lately = TimeSpan.FromDays(90);

    public async Task<Taste> FindAsync(PersonId actor, CancellationToken cancellationToken = default) => Show(await ReadAsync(actor, cancellationToken));

    public async Task<Taste> ChangeAsync(PersonId actor, TasteChange change, CancellationToken cancellationToken = default) =>
        Show(await WriteAsync(actor, taste => taste with { IsOff = change.IsOff }, cancellationToken));

    public Task ForgetAsync(PersonId actor, CancellationToken cancellationToken = default) => WriteAsync(actor, static taste => StoredTaste.None with { IsOff = taste.IsOff }, cancellationToken);

    public async Task<bool> NoteAsync(PersonId actor, TasteNote note, CancellationToken cancellationToken = default)
    {
        var id = note.Item ?? (note.Message is { } message && await book.NumberAsync(message, actor, cancellationToken) is not null ? (await book.FindAsync(message, cancellationToken))?.Value.Item : null);
        return id is { } item && await records.ChangeAsync(
            async batch => await catalog.FindAsync(item, cancellationToken) is { } offered && await NoteAsync(batch, actor, offered.Value, note.Use, cancellationToken), cancellationToken);
    }

    /// <summary>Adds to a batch that somebody did something with an item.</summary>
    /// <returns><c>true</c>.</returns>
    public async ValueTask<bool> NoteAsync(RecordBatch batch, PersonId actor, StoredItem item, TasteUse use, CancellationToken cancellationToken)
    {
        var (stored, now) = (await ReadAsync(actor, cancellationToken), time.GetUtcNow());
        if (stored?.Value.IsOff != true)
        {
            var taste = stored?.Value ?? StoredTaste.None;
            var interests = new Dictionary<string, StoredInterest>(taste.Interests, StringComparer.Ordinal);
            foreach (var feature in TasteScore.FeaturesOf(item.Kind, item.Tags))
            {
                interests[feature] = (interests.GetValueOrDefault(feature) ?? new(0, 0, now)).More(WeightOf(use), now);
            }

            var strongest = interests.OrderByDescending(one => one.Value.WeightAt(now)).Take(MostInterests).ToDictionary(StringComparer.Ordinal);
            batch.Put(KeyOf(actor), taste with { Interests = strongest }, MessageRecords.Default.StoredTaste, stored?.Version ?? RecordBatch.Absent);
        }

        return true;
    }

    /// <summary>Everybody of whom something is known.</summary>
    public async IAsyncEnumerable<(PersonId Person, StoredTaste Taste)> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var taste in records.ScanAsync(RecordRange.Under("taste"), MessageRecords.Default.StoredTaste, cancellationToken))
        {
            yield return (PersonId.Parse(taste.Key.Part(0)), taste.Value);
        }
    }

    /// <summary>Takes one of the pushes that somebody may get in a day, for an item that he was not pushed before.</summary>
    public async Task<bool> TakePushAsync(PersonId person, CatalogItemId item, CancellationToken cancellationToken)
    {
        var (isTaken, now) = (false, time.GetUtcNow());
        await WriteAsync(
            person,
            taste =>
            {
                isTaken = !taste.IsOff && !taste.Pushed.ContainsKey(item.Value) && taste.Pushed.Values.Count(at => at > now - Day) < options.Value.PushesPerDay;
                var lately = taste.Pushed.Where(one => one.Value > now - Lately).ToDictionary(StringComparer.Ordinal);
                if (isTaken)
                {
                    lately[item.Value] = now;
                }

                return isTaken ? taste with { Pushed = lately } : taste;
            },
            cancellationToken);
        return isTaken;
    }

    static double WeightOf(TasteUse use) => use switch { TasteUse.Requested => 1, TasteUse.Opened => 2, _ => 4 };

    async Task<Versioned<StoredTaste>?> WriteAsync(PersonId actor, Func<StoredTaste, StoredTaste> change, CancellationToken cancellationToken)
    {
        await records.ChangeAsync(
            async batch =>
            {
                var stored = await ReadAsync(actor, cancellationToken);
                var changed = change(stored?.Value ?? StoredTaste.None);
                if (changed != stored?.Value)
                {
                    batch.Put(KeyOf(actor), changed, MessageRecords.Default.StoredTaste, stored?.Version ?? RecordBatch.Absent);
                }

                return true;
            },
            cancellationToken);
        return await ReadAsync(actor, cancellationToken);
    }

    Taste Show(Versioned<StoredTaste>? stored) => new(
        stored?.Value.IsOff == true,
        [.. (stored?.Value.Interests ?? StoredTaste.None.Interests).Select(one => new Interest(one.Key, one.Value.Times, Math.Round(one.Value.WeightAt(time.GetUtcNow()), 3)))
            .OrderByDescending(static one => one.Weight).ThenBy(static one => one.Name, StringComparer.Ordinal)]);

    ValueTask<Versioned<StoredTaste>?> ReadAsync(PersonId person, CancellationToken cancellationToken) => records.GetAsync(KeyOf(person), MessageRecords.Default.StoredTaste, cancellationToken);

    public static RecordKey KeyOf(PersonId person) => RecordKey.Of("taste", person.Value);
}
