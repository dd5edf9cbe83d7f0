using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Sharing.Core;

namespace Sharing.Apps;

/// <summary>Address books in the records, sealed. Thread-safe singleton.</summary>
/// <remarks>Records: <c>radar-book/{person}</c> with the person's key, <c>radar-part/{person}/{number}</c> with the tokens sealed by it. Each registration has a new key. The first 8 bytes of
/// the first part say how many of the tokens after them are the person's own. <c>radar-count/all</c> counts the changes of books, and the last of them are named by
/// <c>radar-news/{number}</c>, for hosts with an index in memory: by their ids, and who was erased by the hash of his.</remarks>
sealed class RadarBooks(IRecordStore records, RadarKeys keys)
{
    const int PartTokens = 8192;
    const int KeySize = 32;
    const int MostNews = 1000;
    const string ErasedPrefix = "(erased) ";

    static readonly RecordKey s_count = RecordKey.Of("radar-count", "all");

    public async Task PutAsync(PersonId person, ulong[] tokens, ulong[] own, CancellationToken cancellationToken)
    {
        var key = RandomNumberGenerator.GetBytes(KeySize);
        ulong[] all = [(ulong)own.Length, .. own, .. tokens];
        var parts = all.Chunk(PartTokens).Select(part => new StoredPart(Sealing.Seal(key, MemoryMarshal.AsBytes(part.AsSpan())))).ToArray();
        var wrapped = keys.Wrap(key);
        CryptographicOperations.ZeroMemory(key);
        await records.ChangeAsync(
            async batch =>
            {
                var before = await records.GetAsync(KeyOf(person), RadarJson.Default.StoredBook, cancellationToken);
                batch.Put(KeyOf(person), new(wrapped, parts.Length, person), RadarJson.Default.StoredBook, before?.Version ?? RecordBatch.Absent);
                for (var i = 0; i < Math.Max(parts.Length, before?.Value.Parts ?? 0); i++)
                {
                    _ = i < parts.Length
                        ? batch.Put(PartKey(person, i), parts[i], RadarJson.Default.StoredPart, RecordBatch.Any)
                        : batch.Delete(PartKey(person, i), RecordBatch.Any);
                }

                await NoteAsync(batch, person, cancellationToken);
                return true;
            },
            cancellationToken);
        await EraseAsync(cancellationToken);
    }

    public async Task DeleteAsync(PersonId person, CancellationToken cancellationToken)
    {
        await records.ChangeAsync(
            async batch =>
            {
                if (await records.GetAsync(KeyOf(person), RadarJson.Default.StoredBook, cancellationToken) is not { } before)
                {
                    return false;
                }

                batch.Delete(KeyOf(person), before.Version);
                for (var i = 0; i < before.Value.Parts; i++)
                {
                    batch.Delete(PartKey(person, i), RecordBatch.Any);
                }

                await NoteAsync(batch, person, cancellationToken);
                return true;
            },
            cancellationToken);
        await EraseAsync(cancellationToken);
    }

    /// <summary>Takes a person out of the news. Hosts that have not heard them yet still know whom they have in memory: by the hash of his id, which tells nobody else anything.</summary>
    public async Task EraseNewsAsync(PersonId person, CancellationToken cancellationToken)
    {
        await foreach (var news in records.ScanAsync(RecordRange.Under("radar-news"), RadarJson.Default.PersonId, cancellationToken).Where(one => one.Value == person))
        {
            await records.CommitAsync(new RecordBatch().Put(news.Key, PersonId.Parse(ErasedPrefix + PersonKey.Of(person)), RadarJson.Default.PersonId, news.Version), cancellationToken);
        }
    }

    /// <summary>The hash of a person's id, where news name him by it because he was erased (<see cref="PersonKey"/>).</summary>
    public static string? ErasedKeyOf(PersonId named) => named.Value.StartsWith(ErasedPrefix, StringComparison.Ordinal) ? named.Value[ErasedPrefix.Length..] : null;

    /// <summary>All books.</summary>
    public IAsyncEnumerable<RadarBook> AllAsync(CancellationToken cancellationToken) => records.ScanAsync(RecordRange.Under("radar-book"), RadarJson.Default.StoredBook, cancellationToken)
        .Select(async (book, token) => await FindAsync(book.Value.Person, token)).Where(static book => book is not null).Select(static book => book!);

    /// <summary>A person's book, as one registration left it.</summary>
    public async ValueTask<RadarBook?> FindAsync(PersonId person, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await records.GetAsync(KeyOf(person), RadarJson.Default.StoredBook, cancellationToken) is not { } book)
            {
                return null;
            }

            try
            {
                var key = keys.Unwrap(book.Value.Key);
                var all = new List<ulong>();
                for (var i = 0; i < book.Value.Parts; i++)
                {
                    var part = await records.GetAsync(PartKey(person, i), RadarJson.Default.StoredPart, cancellationToken) ?? throw new CryptographicException("A part is not there.");
                    all.AddRange(MemoryMarshal.Cast<byte, ulong>(Sealing.Open(key, part.Value.Sealed)));
                }

                var own = all.Count == 0 ? 0 : (int)all[0];
                return new(person, [.. all.Skip(1 + own)], [.. all.Skip(1).Take(own)]);
            }
            catch (CryptographicException) when (!cancellationToken.IsCancellationRequested)
            {
                if ((await records.GetAsync(KeyOf(person), cancellationToken))?.Version == book.Version)
                {
                    throw;
                }

                // Another registration came between; its book is read instead.
            }
        }
    }

    /// <summary>How often books were changed.</summary>
    public async ValueTask<long> CountAsync(CancellationToken cancellationToken) => (await records.GetAsync(s_count, RadarJson.Default.Int64, cancellationToken))?.Value ?? 0;

    /// <summary>Whose books the changes after that number concern, up to another; <c>null</c>: that is too long ago.</summary>
    public async ValueTask<IReadOnlySet<PersonId>?> ChangedAsync(long after, long last, CancellationToken cancellationToken)
    {
        var people = new HashSet<PersonId>();
        for (var number = after + 1; number <= last; number++)
        {
            if (last - after > MostNews || await records.GetAsync(NewsKey(number), RadarJson.Default.PersonId, cancellationToken) is not { } news)
            {
                return null;
            }

            people.Add(news.Value);
        }

        return people;
    }

    async ValueTask NoteAsync(RecordBatch batch, PersonId person, CancellationToken cancellationToken)
    {
        var before = await records.GetAsync(s_count, RadarJson.Default.Int64, cancellationToken);
        var number = (before?.Value ?? 0) + 1;
        batch.Put(s_count, number, RadarJson.Default.Int64, before?.Version ?? RecordBatch.Absent).Put(NewsKey(number), person, RadarJson.Default.PersonId, RecordBatch.Any)
            .Delete(NewsKey(number - MostNews), RecordBatch.Any);
    }

    // What was deleted must leave no trace, where the store can see to that.
    Task EraseAsync(CancellationToken cancellationToken) => records is IRecordErasure erasure ? erasure.EraseAsync(cancellationToken) : Task.CompletedTask;

    static RecordKey KeyOf(PersonId person) => RecordKey.Of("radar-book", PersonKey.Of(person));

    static RecordKey NewsKey(long number) => RecordKey.Of("radar-news", number.ToString("d19", System.Globalization.CultureInfo.InvariantCulture));

    static RecordKey PartKey(PersonId person, int part) => RecordKey.Of("radar-part", PersonKey.Of(person), part.ToString("d4", System.Globalization.CultureInfo.InvariantCulture));
}

/// <summary>A person's book, opened.</summary>
/// <param name="Person">Whose.</param>
/// <param name="Tokens">His contacts.</param>
/// <param name="Own">The tokens under which others list him.</param>
sealed record RadarBook(PersonId Person, ulong[] Tokens, ulong[] Own);
