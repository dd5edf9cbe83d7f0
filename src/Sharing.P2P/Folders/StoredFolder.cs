using System.Text.Json.Serialization;
using Sharing.Core;

namespace Sharing.P2P;

/// <summary>The record <c>shared-folder/{key}</c>.</summary>
/// <param name="Owner">Whose.</param>
/// <param name="Folder">The folder.</param>
sealed record StoredFolder(PersonId Owner, SharedFolder Folder)
{
    [JsonIgnore]
    public string Key => FolderStore.KeyOf(Folder.Path);
}

/// <summary>The record <c>shared-file/{folder}/{key}</c>.</summary>
sealed record StoredFile
{
    /// <summary>From the folder on, with slashes.</summary>
    public required string Path { get; init; }

    /// <summary>How it was when it was hashed.</summary>
    public required FileStamp Stamp { get; init; }

    /// <summary>What it was.</summary>
    public ContentId? Content { get; init; }

    /// <summary>The share, from when its upload began.</summary>
    public ShareId? Share { get; init; }

    /// <summary>The upload under way.</summary>
    public Uri? Upload { get; init; }

    /// <summary>The share of what the file was before, which ends when this one is complete.</summary>
    public ShareId? Replaces { get; init; }

    public bool IsShared { get; init; }

    public bool IsDeleted { get; init; }

    public string? Failure { get; init; }

    public int Failures { get; init; }

    public DateTimeOffset? Again { get; init; }

    [JsonIgnore]
    public string Key => FolderStore.KeyOf(Path);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StoredFolder))]
[JsonSerializable(typeof(StoredFile))]
[JsonSerializable(typeof(OwnShare))]
sealed partial class FolderRecords : JsonSerializerContext;
