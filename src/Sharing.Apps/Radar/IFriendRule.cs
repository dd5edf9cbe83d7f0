namespace Sharing.Apps;

/// <summary>When what two people's address books have in common makes them friends (row A2).</summary>
/// <remarks>Thread-safe singleton; it must answer alike for the same arguments, quickly, without waiting, and alike for both: who comes first is chance.</remarks>
public interface IFriendRule
{
    /// <summary>Pairs that share fewer contacts are not asked about; at least 1.</summary>
    int LeastShared { get; }

    /// <summary>Whether two are friends.</summary>
    bool AreFriends(in ContactOverlap overlap);
}
