namespace Sharing.Core;

/// <summary>An upload as it stands.</summary>
public sealed record Upload
{
    /// <summary>Its name.</summary>
    public required UploadId Id { get; init; }

    /// <summary>Who uploads. Nobody else can see it.</summary>
    public required PersonId Owner { get; init; }

    /// <summary>What for: names the <see cref="IUploadReceiver"/>.</summary>
    public required string Purpose { get; init; }

    /// <summary>How many bytes it will have.</summary>
    public required long Length { get; init; }

    /// <summary>How many bytes are there, from the first on, and would survive a power cut.</summary>
    public required long Offset { get; init; }

    /// <summary>What the client said of it.</summary>
    public required UploadMetadata Metadata { get; init; }

    /// <summary>When it was begun.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When it is deleted unless it is complete; moves on while bytes come. Once complete: until when it is remembered.</summary>
    public required DateTimeOffset Expires { get; init; }

    /// <summary>Whether its system has taken it over.</summary>
    public bool IsComplete { get; init; }

    /// <summary>What its system calls it now, if it said so.</summary>
    public string? Result { get; init; }
}
