namespace Sharing.Messaging;

/// <summary>What a host puts into its catalogue.</summary>
public sealed record CatalogEntry
{
    /// <summary>The most tags, and the most characters of a title, a kind or a tag.</summary>
    public const int MostTags = 20, MaxTitle = 200, MaxWord = 40;

    /// <summary>The host's own name for it: put in again by the same name, it replaces what was there.</summary>
    public required string Key { get; init; }

    /// <summary>What it is called.</summary>
    public required string Title { get; init; }

    /// <summary>What sort of thing it is: "video", "music", "book", "game", "shop" or another word.</summary>
    public required string Kind { get; init; }

    /// <summary>Words that describe it.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The name of its file; <c>null</c>: its title.</summary>
    public string? FileName { get; init; }

    /// <summary>Its media type, where known.</summary>
    public string? MediaType { get; init; }

    /// <summary>Where else it is.</summary>
    public IReadOnlyList<Uri> Addresses { get; init; } = [];
}
