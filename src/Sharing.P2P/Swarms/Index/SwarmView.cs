using System.Text.Json.Serialization;

namespace Sharing.P2P;

/// <summary>What an index knows of who has a content.</summary>
/// <param name="Members">The terminals, a sample where there are many; the asking one is not among them.</param>
/// <param name="Count">How many there are, the asking one with them.</param>
/// <param name="AnnounceWithin">Whoever is not heard of for so long is forgotten: announce in half of it.</param>
public sealed record SwarmView([property: JsonConverter(typeof(SwarmMembersConverter))] IReadOnlyList<SwarmMember> Members, int Count, TimeSpan AnnounceWithin)
{
    /// <summary>Whether others can reach the asking terminal: <c>false</c>: it was looked for at the addresses that it said, and not found there, as behind a NAT; <c>null</c>: not known yet, or it
    /// said none.</summary>
    public bool? IsReached { get; init; }

    /// <summary>What bytes cost now; <c>null</c>: the index gives no advice.</summary>
    public SwarmAdvice? Advice { get; init; }
}
