namespace Sharing.Messaging;

/// <summary>What is looked for in a catalogue.</summary>
public sealed record CatalogQuery
{
    /// <summary>The most items at once.</summary>
    public const int Most = 200;

    /// <summary>Only this sort of thing; <c>null</c>: all.</summary>
    public string? Kind { get; init; }

    /// <summary>Words that must all be in the title, the kind or the tags, at the beginning of a word; <c>null</c>: any.</summary>
    public string? Search { get; init; }

    /// <summary>Where a page before ended; <c>null</c>: from the newest on.</summary>
    public string? Cursor { get; init; }

    /// <summary>How many at most.</summary>
    public int Count { get; init; } = 50;
}
