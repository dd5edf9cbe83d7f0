using System.Text.Json.Serialization;

namespace Sharing.Photos;

/// <summary>The record <c>grant/{id}</c>.</summary>
/// <param name="Owner">Whose photos they are.</param>
/// <param name="Friend">The friend whom it is for, or</param>
/// <param name="Address">the mail address, in lower case.</param>
/// <param name="Photos">The photos; none: the folder.</param>
/// <param name="Folder">The folder.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Until">When it closes; <c>null</c>: with the photos.</param>
sealed record StoredGrant(PersonId Owner, PersonId? Friend, string? Address, IReadOnlyList<PhotoId> Photos, FolderId? Folder, DateTimeOffset Created, DateTimeOffset? Until)
{
    /// <summary>What besides the pictures the friend's copies have.</summary>
    public CopyMetadata Metadata { get; init; }

    public DateTimeOffset? Opened { get; init; }

    public int Downloads { get; init; }

    public Grant Show(GrantId id) => new()
    {
        Id = id, Friend = Friend, Address = Address, Photos = Photos, Folder = Folder, Created = Created, Expires = Until, Metadata = Metadata, Opened = Opened, Downloads = Downloads,
    };
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StoredGrant))]
[JsonSerializable(typeof(StoredCode))]
[JsonSerializable(typeof(string))]
sealed partial class GrantRecords : JsonSerializerContext;
