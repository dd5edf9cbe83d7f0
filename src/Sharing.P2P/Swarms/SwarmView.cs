namespace Sharing.P2P;

/// <summary>What an index knows of who has a content.</summary>
/// <param name="Members">The terminals, a sample where there are many; the asking one is not among them.</param>
/// <param name="Count">How many there are.</param>
/// <param name="AnnounceWithin">Whoever is not heard of for so long is forgotten.</param>
public sealed record SwarmView(IReadOnlyList<SwarmMember> Members, int Count, TimeSpan AnnounceWithin)
{
    /// <summary>What bytes cost now; <c>null</c>: the index gives no advice.</summary>
    public SwarmAdvice? Advice { get; init; }
}
