using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Sharing.Core;

namespace Sharing.Apps;

/// <summary>Address books in the records, sealed. Thread-safe singleton.</summary>
/// <remarks>Records: <c>radar-book/{person}</c> with the person's key, <c>radar-part/{person}/{number}</c> with the tokens sealed by it. Each registration has a new key. The first 8 bytes of
/// the first part say how many of the tokens after them are the person's own.</remarks>
sealed class RadarBooks(IRecordStore records, RadarKeys keys)
{
    const int PartTokens = 8192;
    const int KeySize = 32;

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

                return true;
            },
            cancellationToken);
        await EraseAsync(cancellationToken);
    }

    /// <summary>All books that can be opened.</summary>
    public async IAsyncEnumerable<(PersonId Person, ulong[] Tokens, ulong[] Own)> AllAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var book in records.ScanAsync(RecordRange.Under("radar-book"), RadarJson.Default.StoredBook, cancellationToken))
        {
            var key = keys.Unwrap(book.Value.Key);
            var all = new List<ulong>();
            for (var i = 0; i < book.Value.Parts; i++)
            {
                if (await records.GetAsync(PartKey(book.Value.Person, i), RadarJson.Default.StoredPart, cancellationToken) is { } part)
                {
                    all.AddRange(MemoryMarshal.Cast<byte, ulong>(Sealing.Open(key, part.Value.Sealed)));
                }
            }

            var own = all.Count == 0 ? 0 : (int)all[0];
            yield return (book.Value.Person, [.. all.Skip(1 + own)], [.. all.Skip(1).Take(own)]);
        }
    }

    // What was deleted must leave no trace, where the store can see to that.
    Task EraseAsync(CancellationToken cancellationToken) => records is IRecordErasure erasure ? erasure.EraseAsync(cancellationToken) : Task.CompletedTask;

    static RecordKey KeyOf(PersonId person) => RecordKey.Of("radar-book", PersonKey.Of(person));

    static RecordKey PartKey(PersonId person, int part) => RecordKey.Of("radar-part", PersonKey.Of(person), part.ToString("d4", System.Globalization.CultureInfo.InvariantCulture));
}
