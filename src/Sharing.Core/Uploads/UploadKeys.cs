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

    /// <summary>The record of the upload whose bytes that count a partial content has, or <c>null</c>: it has none. As long as the record is there, so are the bytes;
    /// what a crash left of a <see cref="Staged"/> part nobody asks for again.</summary>
    public static RecordKey? OfPartial(string key) =>
        key.StartsWith(Prefix, StringComparison.Ordinal) && UploadId.TryParse(key.AsSpan(Prefix.Length), out var upload) ? Upload(upload) : null;
}
