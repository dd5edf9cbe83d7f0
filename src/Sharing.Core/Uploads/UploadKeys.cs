namespace Sharing.Core;

/// <summary>The keys of the records about uploads, and of their partial contents.</summary>
static class UploadKeys
{
    const string Prefix = "upload-";
    const string StagedSuffix = ".part";

    public static RecordRange Uploads { get; } = RecordRange.Under("upload");

    public static RecordKey Upload(UploadId id) => RecordKey.Of("upload", id.Value);

    public static RecordKey Space(PersonId person) => RecordKey.Of("space", person.Value);

    /// <summary>The bytes that count.</summary>
    public static string Partial(UploadId id) => Prefix + id.Value;

    /// <summary>Bytes whose checksum has not been seen to fit.</summary>
    public static string Staged(UploadId id) => Prefix + id.Value + StagedSuffix;

    /// <summary>The record of the upload that a partial content belongs to, or <c>null</c>: to none. As long as it is there, so are the bytes.</summary>
    public static RecordKey? OfPartial(string key)
    {
        var id = key.EndsWith(StagedSuffix, StringComparison.Ordinal) ? key[..^StagedSuffix.Length] : key;
        return id.StartsWith(Prefix, StringComparison.Ordinal) && UploadId.TryParse(id.AsSpan(Prefix.Length), out var upload) ? Upload(upload) : null;
    }
}
