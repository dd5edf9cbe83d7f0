using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Sharing.Core;

namespace Sharing.Photos;

/// <summary>The keys of the records about photos: <c>photo/{id}</c>, <c>photo-folder/{id}</c>, <c>picture/{content}</c>, and the indexes beside them, whose values are the ids:
/// <c>photo-of/{owner}</c>, <c>photo-in/{folder}</c> and <c>photo-from/{owner}/{device}</c> with the newest first, <c>photo-age/{owner}</c> with the oldest first, <c>photo-due</c> and <c>photo-folder-due</c> by their ends.</summary>
static class PhotoKeys
{
    const string GoneKind = "photo-folder-gone";

    public static RecordKey Photo(PhotoId id) => RecordKey.Of("photo", id.Value);

    public static RecordKey Folder(FolderId id) => RecordKey.Of("photo-folder", id.Value);

    public static RecordKey Picture(ContentId content) => RecordKey.Of("picture", content.ToString());

    public static RecordRange Pictures { get; } = RecordRange.Under("picture");

    /// <summary>A folder that has gone, and whose photos are to go: says whose it was.</summary>
    public static RecordKey Gone(FolderId id) => RecordKey.Of(GoneKind, id.Value);

    public static RecordRange AllGone { get; } = RecordRange.Under(GoneKind);

    public static RecordRange Of(PersonId owner) => RecordRange.Under("photo-of", owner.Value);

    public static RecordRange In(FolderId folder) => RecordRange.Under("photo-in", folder.Value);

    public static RecordRange Age(PersonId owner) => RecordRange.Under("photo-age", owner.Value);

    /// <summary>The photos from a device, the newest first.</summary>
    public static RecordRange From(PersonId owner, string device) => RecordRange.Under("photo-from", owner.Value, Short(device));

    /// <summary>The 64-bit prefixes of the hashes of a device's photos that begin with a byte, sorted, in Base64: of their contents, or of their essences (row F12).</summary>
    public static RecordKey Known(PersonId owner, string device, PhotoHash kind, byte first) =>
        RecordKey.Of("photo-known", owner.Value, Short(device), kind == PhotoHash.Content ? "content" : "essence", first.ToString("x2", CultureInfo.InvariantCulture));

    public static RecordRange AllKnown(PersonId owner, string device, PhotoHash kind) =>
        RecordRange.Under("photo-known", owner.Value, Short(device), kind == PhotoHash.Content ? "content" : "essence");

    public static RecordRange FoldersOf(PersonId owner) => RecordRange.Under("photo-folder-of", owner.Value);

    /// <summary>What is due at a time or before.</summary>
    public static RecordRange Due(string kind, DateTimeOffset now) => RecordRange.Under(kind).Before(RecordKey.Of(kind, Time(now.AddMilliseconds(1))));

    public static IEnumerable<RecordKey> IndexesOf(PhotoId id, StoredPhoto photo)
    {
        yield return RecordKey.Of("photo-of", photo.Owner.Value, Newest(photo.Created), id.Value);
        yield return RecordKey.Of("photo-age", photo.Owner.Value, Time(photo.Created), id.Value);
        if (photo.Folder is { } folder)
        {
            yield return RecordKey.Of("photo-in", folder.Value, Newest(photo.Created), id.Value);
        }

        if (photo.Device is { } device)
        {
            yield return RecordKey.Of("photo-from", photo.Owner.Value, Short(device), Newest(photo.Created), id.Value);
        }

        if (photo.Until is { } until)
        {
            yield return RecordKey.Of("photo-due", Time(until), id.Value);
        }
    }

    public static IEnumerable<RecordKey> IndexesOf(FolderId id, StoredFolder folder) =>
        [RecordKey.Of("photo-folder-of", folder.Owner.Value, Newest(folder.Created), id.Value), RecordKey.Of("photo-folder-due", Time(folder.Until), id.Value)];

    /// <summary>A name of any length as part of a key.</summary>
    static string Short(string name) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..32];

    static string Time(DateTimeOffset time) => RecordKey.Number(time.ToUnixTimeMilliseconds());

    static string Newest(DateTimeOffset time) => RecordKey.Descending(time.ToUnixTimeMilliseconds());
}
