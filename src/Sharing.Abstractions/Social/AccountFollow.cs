namespace Sharing;

/// <summary>An account that another follows at a network, or that follows it.</summary>
public sealed record AccountFollow
{
    /// <summary>The network's own id of it, as in <see cref="Account.Id"/>.</summary>
    public required string Id { get; init; }

    /// <summary>What it is called there, for people.</summary>
    public required string Name { get; init; }

    /// <summary>Where people see it.</summary>
    public Uri? Address { get; init; }

    /// <summary>Whether the account that was asked for follows it.</summary>
    public bool Follows { get; init; }

    /// <summary>Whether it follows the account that was asked for.</summary>
    public bool FollowedBy { get; init; }

    /// <summary>Whose it is, where both follow each other and it is connected at this host, too. A publisher leaves it out: the host knows.</summary>
    public PersonId? Person { get; init; }
}
