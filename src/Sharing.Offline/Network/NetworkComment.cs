namespace Sharing.Offline;

/// <summary>A comment.</summary>
public sealed record NetworkComment
{
    /// <summary>The greatest length of a text, in characters.</summary>
    public const int MaxTextLength = 2000;

    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Who wrote it.</summary>
    public required PersonId Author { get; init; }

    /// <summary>His name, where known.</summary>
    public string? AuthorName { get; init; }

    /// <summary>What he wrote.</summary>
    public required string Text { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }
}
