using System.Text.Json.Serialization;

namespace Sharing.Photos;

/// <summary>The record <c>photo-file/{server}/{purpose}/{path}</c> on a terminal: what is known of a file that was looked at, or is being sent. Beside it stands <c>photo-file-of/{person}</c>, which says whose it is.</summary>
/// <param name="Length">How many bytes it had.</param>
/// <param name="Modified">When it was last written then.</param>
sealed record StoredFile(long Length, DateTimeOffset Modified)
{
    public ContentId? Content { get; init; }

    public ContentId? Essence { get; init; }

    /// <summary>Where it is being uploaded to.</summary>
    public Uri? Address { get; init; }

    /// <summary>The photo that became of it.</summary>
    public PhotoId? Photo { get; init; }

    public bool IsOf(PhotoFile file) => Length == file.Length && Modified == file.Modified;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StoredFile))]
[JsonSerializable(typeof(FolderId?))]
[JsonSerializable(typeof(string))]
sealed partial class TerminalRecords : JsonSerializerContext;
