namespace Sharing;

/// <summary>What somebody at a network made of a post.</summary>
public sealed record PostResponse
{
    /// <summary>What it is.</summary>
    public required PostResponseKind Kind { get; init; }

    /// <summary>The network's own id of it.</summary>
    public required string Id { get; init; }

    /// <summary>Who, as the network names him: an address such as <c>anna@mastodon.example</c>.</summary>
    public required string Author { get; init; }

    /// <summary>What he wrote: plain text, whatever the network had; <c>null</c> for what is no comment.</summary>
    public string? Text { get; init; }

    /// <summary>When, where known.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Where it can be seen: http or https.</summary>
    public Uri? Address { get; init; }
}
