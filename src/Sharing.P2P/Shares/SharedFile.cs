namespace Sharing.P2P;

/// <summary>A file in somebody's space on the shared-data server.</summary>
public sealed record SharedFile
{
    /// <summary>The share.</summary>
    public required ShareId Id { get; init; }

    /// <summary>The file's name.</summary>
    public required string Name { get; init; }

    /// <summary>Its media type, where known.</summary>
    public string? MediaType { get; init; }

    /// <summary>What it is.</summary>
    public required ContentId Content { get; init; }

    /// <summary>How long it is, in bytes.</summary>
    public required long Length { get; init; }

    /// <summary>When it was complete.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>Who may fetch it.</summary>
    public required Audience Audience { get; init; }
}
