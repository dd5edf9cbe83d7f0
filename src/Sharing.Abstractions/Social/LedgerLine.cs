namespace Sharing;

/// <summary>Where a post stands at one network: a line of its ledger, for its owner alone.</summary>
public sealed record LedgerLine
{
    /// <summary>The network.</summary>
    public required string Network { get; init; }

    /// <summary>Where the post stands.</summary>
    public required PublishState State { get; init; }

    /// <summary>The newest revision that the network is known to have; 0 = none.</summary>
    public int Revision { get; init; }

    /// <summary>The network's own id of the post.</summary>
    public string? RemoteId { get; init; }

    /// <summary>Where it can be seen.</summary>
    public Uri? Address { get; init; }

    /// <summary>Why it stands so.</summary>
    public string? Reason { get; init; }

    /// <summary>When it is tried again.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>How often it was tried.</summary>
    public int Attempts { get; init; }
}
