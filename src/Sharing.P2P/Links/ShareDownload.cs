namespace Sharing.P2P;

/// <summary>How far the fetching of a share is.</summary>
public sealed record ShareDownload
{
    /// <summary>The share.</summary>
    public required ShareId Share { get; init; }

    /// <summary>The file's name.</summary>
    public required string Name { get; init; }

    /// <summary>Its length, in bytes.</summary>
    public required long Length { get; init; }

    /// <summary>Bytes that are there.</summary>
    public long Done { get; init; }

    /// <summary>The speed now, in bytes a second.</summary>
    public double BytesPerSecond { get; init; }

    /// <summary>How many other terminals are known to take part.</summary>
    public int Others { get; init; }

    /// <summary>Bytes that each source brought, the server and terminals.</summary>
    public IReadOnlyList<SourceShare> Sources { get; init => field = value ?? []; } = [];

    /// <summary>It is there, whole and proven.</summary>
    public bool IsFinished { get; init; }

    /// <summary>Where it was saved.</summary>
    public string? SavedAs { get; init; }

    /// <summary>Why it failed: one of <see cref="ProblemCodes"/>.</summary>
    public string? Failure { get; init; }

    /// <summary>What is said to a person about that.</summary>
    public string? Message { get; init; }
}
