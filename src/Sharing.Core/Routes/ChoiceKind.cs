using System.Text.Json.Serialization;

namespace Sharing.Core;

/// <summary>Why a source was asked for a chunk.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<ChoiceKind>))]
public enum ChoiceKind : byte
{
    /// <summary>Of those who had it, the selector preferred it.</summary>
    Cheapest,

    /// <summary>Another was cheaper, but would have come to it later: it had all the rest to bring.</summary>
    RatherThanWait,

    /// <summary>It follows what the source was asked for, in the same read.</summary>
    FollowsOn,

    /// <summary>Another source was asked for it, and was late.</summary>
    TakenOver,

    /// <summary>The server gave it in place of another that no terminal has: the one that it gave to the fewest.</summary>
    ServersChoice,
}
