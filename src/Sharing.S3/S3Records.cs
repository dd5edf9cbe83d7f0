using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sharing.S3;

/// <summary>Where the bytes of a content are: an object that has its name for good and is never written again.</summary>
/// <param name="Name">The part of the object's key that is its alone.</param>
/// <param name="Length">In bytes.</param>
sealed record ObjectRecord(string Name, long Length);

/// <summary>An object that was begun, or is to be deleted.</summary>
/// <param name="Id">The content that it was made for.</param>
/// <param name="Name">See <see cref="ObjectRecord"/>.</param>
sealed record ObjectName(ContentId Id, string Name);

/// <summary>An object that somebody was given an address for.</summary>
/// <param name="Name">See <see cref="ObjectRecord"/>.</param>
/// <param name="Length">How many bytes it is to have.</param>
sealed record ExpectedObject(string Name, long Length);

/// <summary>What is durable of a partial content.</summary>
/// <param name="Touched">When it was opened, flushed or closed last.</param>
/// <param name="Pieces">The objects that its bytes are in.</param>
/// <param name="Data">Which bytes are where: offset, length, index of the piece, offset in the piece.</param>
/// <param name="Groups">The same of the group hashes.</param>
/// <param name="Objects">Objects of contents that are deleted with it: publishing them was begun.</param>
/// <param name="Expected">The object that somebody else may put all its bytes into.</param>
/// <param name="Map">The object that says the pieces and what is in them, where that is too much for a record.</param>
sealed record PartialRecord(
    DateTimeOffset Touched, IReadOnlyList<string> Pieces, IReadOnlyList<long[]> Data, IReadOnlyList<long[]> Groups, IReadOnlyList<ObjectName> Objects, ExpectedObject? Expected = null,
    string? Map = null)
{
    /// <summary>The keys of all objects that are there for it.</summary>
    public IEnumerable<string> Keys() =>
        [.. Pieces.Select(ObjectNames.Piece), .. Objects.SelectMany(ObjectNames.All), .. Expected is null ? Array.Empty<string>() : [ObjectNames.Piece(Expected.Name)], .. Map is null ? Array.Empty<string>() : [ObjectNames.Piece(Map)]];

    /// <summary>As it is in the record.</summary>
    [JsonIgnore]
    public PartialRecord Stub => Map is null ? this : this with { Pieces = [], Data = [], Groups = [] };

    public static PartialRecord New(DateTimeOffset touched) => new(touched, [], [], [], []);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ObjectRecord))]
[JsonSerializable(typeof(PartialRecord))]
sealed partial class S3Json : JsonSerializerContext;

/// <summary>The records that name the objects: <c>object/{id}</c>, <c>object-aside/{id}</c>, <c>object-partial/{key}</c>.</summary>
static class S3Records
{
    /// <summary>Half of what a record may hold.</summary>
    public const int MostInRecord = Record.MaxJsonLength / 2;

    public const string GonePrefix = ".gone-";

    public static RecordRange Objects { get; } = RecordRange.Under("object");

    public static RecordRange Asides { get; } = RecordRange.Under("object-aside");

    public static RecordRange Partials { get; } = RecordRange.Under("object-partial");

    public static RecordKey Object(ContentId id) => RecordKey.Of("object", id.ToString());

    public static RecordKey Aside(ContentId id) => RecordKey.Of("object-aside", id.ToString());

    public static RecordKey Partial(string key) => RecordKey.Of("object-partial", key);

    /// <summary>The partial that holds nothing but an object that is to be deleted. Nobody can open it: keys do not begin with a dot.</summary>
    public static RecordKey Gone(string name) => Partial(GonePrefix + name);

    public static ObjectRecord ReadObject(Record record) => JsonSerializer.Deserialize(record.Json.Span, S3Json.Default.ObjectRecord)!;

    /// <summary>Of a record, or of a map: then the other is not in it (<see cref="PartialRecord.Map"/>).</summary>
    public static PartialRecord ParsePartial(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize(json, S3Json.Default.PartialRecord)!;

    public static byte[] Format(PartialRecord partial) => JsonSerializer.SerializeToUtf8Bytes(partial, S3Json.Default.PartialRecord);

    public static RecordBatch Put(this RecordBatch batch, RecordKey key, ObjectRecord value, long expected) =>
        batch.Put(key, JsonSerializer.SerializeToUtf8Bytes(value, S3Json.Default.ObjectRecord), expected);

    public static RecordBatch Put(this RecordBatch batch, RecordKey key, PartialRecord value, long expected) =>
        batch.Put(key, Format(value), expected);
}
