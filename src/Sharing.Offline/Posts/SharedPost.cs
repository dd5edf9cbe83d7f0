namespace Sharing.Offline;

/// <summary>A post as the download server knows it.</summary>
public sealed record SharedPost
{
    /// <summary>Its id.</summary>
    public required PostId Id { get; init; }

    /// <summary>Whose it is.</summary>
    public required PersonId Owner { get; init; }

    /// <summary>The resource.</summary>
    public required Resource Resource { get; init; }

    /// <summary>Who may see it.</summary>
    public required Audience Audience { get; init; }

    /// <summary>What people read.</summary>
    public required string Text { get; init; }

    /// <summary>The address that starts the download (row R5).</summary>
    public required Uri Link { get; init; }

    /// <summary>When it was shared.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Counts its changes, from 1.</summary>
    public int Revision { get; init => field = Math.Max(1, value); } = 1;

    /// <summary>How far the offline library is with the resource; <c>null</c>: it does not keep it (any more).</summary>
    public OfflineState? Library { get; init; }

    /// <summary>Where the post stands at each network; for the owner alone, <c>null</c> for anybody else.</summary>
    public IReadOnlyList<LedgerLine>? Ledger { get; init; }
}
