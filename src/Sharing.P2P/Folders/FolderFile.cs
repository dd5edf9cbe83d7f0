namespace Sharing.P2P;

/// <summary>A file of a shared folder.</summary>
public sealed record FolderFile
{
    /// <summary>The folder.</summary>
    public required string Folder { get; init; }

    /// <summary>The file, from the folder on, with slashes.</summary>
    public required string Path { get; init; }

    /// <summary>How long it is, in bytes.</summary>
    public required long Length { get; init; }

    /// <summary>How it stands.</summary>
    public required FolderFileState State { get; init; }

    /// <summary>How many bytes are hashed or uploaded, as the state says.</summary>
    public long Done { get; init; }

    /// <summary>Why it failed: one of <see cref="ProblemCodes"/>.</summary>
    public string? Failure { get; init; }

    /// <summary>When it is tried again.</summary>
    public DateTimeOffset? Again { get; init; }

    /// <summary>The share, from when its upload began.</summary>
    public ShareId? Share { get; init; }

    /// <summary>Its link: names the server and this terminal.</summary>
    public string? Link { get; init; }
}
