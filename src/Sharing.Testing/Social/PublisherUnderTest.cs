namespace Sharing.Testing;

/// <summary>A publisher with a network that a test can look at.</summary>
public sealed record PublisherUnderTest
{
    /// <summary>The publisher.</summary>
    public required ISocialPublisher Publisher { get; init; }

    /// <summary>An account that the network takes. Posts of the suite have its owner as their author.</summary>
    public required Account Account { get; init; }

    /// <summary>The same with a token that the network refuses; may be left out where <see cref="PublisherTraits.NeedsAccount"/> is off.</summary>
    public Account? BadAccount { get; init; }

    /// <summary>An account of somebody else, who may respond; needed where the publisher is <see cref="IPostResponses"/>.</summary>
    public Account? Other { get; init; }

    /// <summary>What stands before the network, where the faulty suite is derived: the publisher's requests go through it.</summary>
    public FaultServer? Faults { get; init; }

    /// <summary>All posts that the network shows to the account's owner, asked of the network itself, in any order.</summary>
    public required Func<CancellationToken, Task<IReadOnlyList<ShownPost>>> ShownAsync { get; init; }
}
