namespace Sharing;

/// <summary>A resource in the offline library, or on its way there.</summary>
public sealed record OfflineItem
{
    /// <summary>Which resource.</summary>
    public required ResourceId Id { get; init; }

    /// <summary>What is known of it.</summary>
    public required Resource Resource { get; init; }

    /// <summary>How far it is.</summary>
    public required OfflineState State { get; init; }

    /// <summary>Its content, once stored.</summary>
    public ContentInfo? Content { get; init; }

    /// <summary>When it was stored.</summary>
    public DateTimeOffset? StoredAt { get; init; }

    /// <summary>When it goes by itself (row R9).</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Why it failed: a code of <see cref="ProblemCodes"/>.</summary>
    public string? Failure { get; init; }
}
