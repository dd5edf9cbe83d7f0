namespace Sharing.P2P;

/// <summary>A folder whose files are shared.</summary>
public sealed record SharedFolder
{
    /// <summary>Where it is.</summary>
    public required string Path { get; init; }

    /// <summary>Who may fetch what is in it: everyone who has a link, friends, or followers.</summary>
    public Audience Audience { get; init => field = value ?? Audience.Friends; } = Audience.Friends;

    /// <summary>Whether a file that is deleted is shared no more. Left out, it stays shared: the server has it, and a file may be deleted to make room.</summary>
    public bool RemovesDeleted { get; init; }
}
