using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Sharing.Core;

namespace Sharing.Messaging;

/// <summary>The host's side of its catalogue: puts things in and takes them out. Thread-safe singleton.</summary>
/// <remarks>Records: <c>catalog/{id}</c>, and <c>catalog-new/{time}/{id}</c> with the newest first.</remarks>
public sealed class CatalogBook
{
    readonly IRecordStore _records;
    readonly IContentStore _contents;
    readonly ContentReferences _references;
    readonly TimeProvider _time;

    /// <summary>A catalogue in these records.</summary>
    public CatalogBook(IRecordStore records, IContentStore contents, ContentReferences references, TimeProvider time) =>
        (_records, _contents, _references, _time, Pushes) = (records, contents, references, time, new(records, time, "catalog-pushes"));

    /// <summary>Items that are new, and are to be offered to those whom they suit.</summary>
    internal WorkQueue Pushes { get; }

    /// <summary>Puts something in, or in the place of what has the same key. Those whom it suits are told by and by, if it is new.</summary>
    /// <param name="entry">What.</param>
    /// <param name="bytes">Its bytes; <c>null</c>: it is at its addresses alone.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SharingException"><see cref="ProblemCodes.InvalidInput"/>: it does not fit; the message says what.</exception>
    public async Task<CatalogItem> AddAsync(CatalogEntry entry, Stream? bytes = null, CancellationToken cancellationToken = default)
    {
        Require(entry, bytes is not null);
        var id = IdOf(entry.Key);
        while (true)
        {
            ContentInfo? held = bytes is null ? null : await _contents.PutAsync(bytes, cancellationToken: cancellationToken);
            var resource = new MessageResource
            {
                Name = FileName.From(entry.FileName) ?? entry.Title, MediaType = entry.MediaType, Length = held?.Length, Content = held?.Id, Addresses = entry.Addresses, IsHeld = held is not null,
            };
            StoredItem? item = null;
            var isAdded = await _records.ChangeAsync(
                async batch =>
                {
                    var before = await FindAsync(id, cancellationToken);
                    item = new(entry.Title, entry.Kind, entry.Tags, resource, held, before?.Value.Added ?? _time.GetUtcNow());
                    if (before?.Value.Held is { } old && old.Id != held?.Id)
                    {
                        await _references.RemoveAsync(batch, old.Id, Referrer(id), cancellationToken);
                    }

                    if (held is { } content && !await _references.AddAsync(batch, content, Referrer(id), cancellationToken))
                    {
                        return false;
                    }

                    batch.Put(KeyOf(id), item, MessageRecords.Default.StoredItem, before?.Version ?? RecordBatch.Absent);
                    batch.Put(NewKeyOf(id, item), id.Value, MessageRecords.Default.String, RecordBatch.Any);
                    if (before is null)
                    {
                        await Pushes.ScheduleAsync(batch, id.Value, _time.GetUtcNow(), WorkLoop.NoPayload, cancellationToken);
                    }

                    return true;
                },
                cancellationToken);
            if (isAdded)
            {
                return item!.Show(id);
            }

            if (bytes is not { CanSeek: true })
            {
                throw new SharingException(ProblemCodes.Busy, "The same bytes were being deleted just now. Put it in again.");
            }

            bytes.Position = 0;
        }
    }

    /// <summary>Takes something out. Messages that brought it keep it for their time.</summary>
    /// <returns>Whether it was there.</returns>
    public Task<bool> RemoveAsync(string key, CancellationToken cancellationToken = default) => _records.ChangeAsync(
        async batch =>
        {
            var id = IdOf(key);
            if (await FindAsync(id, cancellationToken) is not { } item)
            {
                return false;
            }

            batch.Delete(item.Key, item.Version).Delete(NewKeyOf(id, item.Value), RecordBatch.Any);
            if (item.Value.Held is { } held)
            {
                await _references.RemoveAsync(batch, held.Id, Referrer(id), cancellationToken);
            }

            return true;
        },
        cancellationToken);

    internal ValueTask<Versioned<StoredItem>?> FindAsync(CatalogItemId id, CancellationToken cancellationToken) => _records.GetAsync(KeyOf(id), MessageRecords.Default.StoredItem, cancellationToken);

    /// <summary>Items after a cursor, the newest first, each with the cursor after it.</summary>
    internal async IAsyncEnumerable<(CatalogItemId Id, StoredItem Item, string Cursor)> ScanAsync(string? cursor, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var range = RecordRange.Under("catalog-new");
        await foreach (var entry in _records.ScanAsync(cursor is null ? range : range.After(AfterOf(cursor)), MessageRecords.Default.String, cancellationToken))
        {
            var id = CatalogItemId.Parse(entry.Value);
            if (await FindAsync(id, cancellationToken) is { } item)
            {
                yield return (id, item.Value, $"{entry.Key.Part(0)}-{id}");
            }
        }
    }

    static RecordKey AfterOf(string cursor) => cursor.Split('-') is [{ Length: 19 } time, var id] && !time.AsSpan().ContainsAnyExcept("0123456789") && CatalogItemId.TryParse(id, out var item)
        ? RecordKey.Of("catalog-new", time, item.Value) : throw new SharingException(ProblemCodes.InvalidInput, "That is no cursor of this list.");

    static void Require(CatalogEntry entry, bool hasBytes)
    {
        static bool IsWord(string word, int most) => word.Length > 0 && word.Length <= most && !word.Any(char.IsControl);
        if (!IsWord(entry.Key, 1000) || !IsWord(entry.Title, CatalogEntry.MaxTitle) || !IsWord(entry.Kind, CatalogEntry.MaxWord)
            || entry.Tags.Count > CatalogEntry.MostTags || !entry.Tags.All(static tag => IsWord(tag, CatalogEntry.MaxWord)))
        {
            throw new SharingException(ProblemCodes.InvalidInput, $"An item has a key, a title of at most {CatalogEntry.MaxTitle} characters, a kind, and at most {CatalogEntry.MostTags} tags, of at most {CatalogEntry.MaxWord} each.");
        }

        if (!hasBytes || entry.Addresses.Count > 0)
        {
            DraftCheck.Require(new MessageResource { Name = entry.Title, MediaType = entry.MediaType, Addresses = entry.Addresses });
        }
    }

    static CatalogItemId IdOf(string key) => CatalogItemId.Parse(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)).AsSpan(0, 16)));

    static RecordKey KeyOf(CatalogItemId id) => RecordKey.Of("catalog", id.Value);

    static RecordKey NewKeyOf(CatalogItemId id, StoredItem item) => RecordKey.Of("catalog-new", RecordKey.Descending(item.Added.ToUnixTimeMilliseconds()), id.Value);

    static string Referrer(CatalogItemId id) => $"catalog/{id}";
}
