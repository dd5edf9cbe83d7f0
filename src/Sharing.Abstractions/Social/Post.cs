using System.Text.Json.Serialization;

namespace Sharing;

/// <summary>What sharing makes: the message that goes to each network.</summary>
public sealed record Post
{
    /// <param name="revision">Counts the author's changes.</param>
    [JsonConstructor]
    public Post(int revision = 1) => Revision = revision;

    /// <summary>Names the post everywhere: the key by which a repeat is recognised. 1 to 64 characters of <c>A-Z a-z 0-9 - _</c>.</summary>
    public required string Key { get; init; }

    /// <summary>The network's own id of the post, as it was told by <see cref="PublishOutcome.Sent"/>; <c>null</c> until it was.</summary>
    public string? RemoteId { get; init; }

    /// <summary>Counts the changes of the post, from 1. A network that has seen a higher one ignores this one.</summary>
    public int Revision { get; init; }

    /// <summary>Whose post it is.</summary>
    public required PersonId Author { get; init; }

    /// <summary>What people read; short, and may be cut by a network.</summary>
    public required string Text { get; init; }

    /// <summary>The address that people follow: it leads through the download server (row R5).</summary>
    public required Uri Link { get; init; }

    /// <summary>The resource, for machines; the origin's own address is in here.</summary>
    public required Resource Resource { get; init; }

    /// <summary>Who may see it.</summary>
    public required Audience Audience { get; init; }

    /// <summary>Whether it was taken back: the network removes what it shows under this key.</summary>
    public bool Withdrawn { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset At { get; init; }
}
