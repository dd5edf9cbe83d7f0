namespace Sharing;

/// <summary>What a network can do; fixed for the life of a publisher.</summary>
public sealed record PublisherTraits
{
    /// <summary>The network's name: 1 to 40 lower-case letters, digits and hyphens; unique among the publishers of a host.</summary>
    public required string Network { get; init; }

    /// <summary>How a repeat is kept from posting twice.</summary>
    public required RetrySafety Retry { get; init; }

    /// <summary>How long the network remembers a key (<see cref="RetrySafety.ServerKey"/>); after that an unknown outcome is
    /// looked up where the publisher implements <see cref="IPostLookup"/>, and else left unknown for the person to decide.</summary>
    public TimeSpan KeyWindow { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The audiences that the network can honour. A post for any other never reaches it.</summary>
    public required IReadOnlyList<AudienceKind> Audiences { get; init; }

    /// <summary>The greatest length of a post's text, in characters; longer text is cut before it is handed over. 0 = no limit.</summary>
    public int MaxTextLength { get; init; }

    /// <summary>The greatest length of a post's text in bytes of UTF-8; longer text is cut, too. 0 = no limit.</summary>
    public int MaxTextBytes { get; init; }

    /// <summary>Whether a post can be changed and withdrawn afterwards, by publishing it again under its key with a higher revision.</summary>
    public bool CanUpdate { get; init; }

    /// <summary>Whether the network has many servers, so that an account says at which it is (<see cref="Account.Server"/>).</summary>
    public bool HasServers { get; init; }

    /// <summary>Whether one signs in there by name and secret, not by a secret alone (<see cref="Account.Name"/>).</summary>
    public bool HasNames { get; init; }

    /// <summary>Whether an account there has a secret; one that has none is connected by saying so.</summary>
    public bool NeedsToken { get; init; } = true;

    /// <summary>Whether a person must connect an account first. Not for a network that is part of the host: there every person is at home.</summary>
    public bool NeedsAccount { get; init; } = true;
}
