namespace Sharing.Offline;

/// <summary>An item of a person's download list.</summary>
public sealed record DownloadItem
{
    /// <summary>Its number.</summary>
    public required DownloadId Id { get; init; }

    /// <summary>What is downloaded.</summary>
    public required Resource Resource { get; init; }

    /// <summary>Where it stands.</summary>
    public required DownloadState State { get; init; }

    /// <summary>When it was added.</summary>
    public required DateTimeOffset AddedAt { get; init; }

    /// <summary>Bytes that are there.</summary>
    public long Done { get; init; }

    /// <summary>The source of the newest bytes, while it runs.</summary>
    public string? Source { get; init; }

    /// <summary>The speed now, in bytes a second, while it runs.</summary>
    public double BytesPerSecond { get; init; }

    /// <summary>Bytes that came from the origin in this run, those included that were taken in vain.</summary>
    public long FromOrigin { get; init; }

    /// <summary>Bytes that came from the offline library in this run, likewise.</summary>
    public long FromLibrary { get; init; }

    /// <summary>The post whose link this came from.</summary>
    public PostId? From { get; init; }

    /// <summary>The post as which it was shared last.</summary>
    public PostId? SharedAs { get; init; }

    /// <summary>Where it was saved.</summary>
    public string? SavedAs { get; init; }

    /// <summary>Why it failed: a code of <see cref="ProblemCodes"/>.</summary>
    public string? Failure { get; init; }
}
