using Sharing.P2P;

namespace Sharing.Testing;

/// <summary>A source of advice, and the means to change what it is about.</summary>
public sealed record AdviceUnderTest
{
    /// <summary>The advice. Nobody has announced himself yet.</summary>
    public required ISwarmAdvice Advice { get; init; }

    /// <summary>Of which content.</summary>
    public required ContentId Content { get; init; }

    /// <summary>A device's ticket for it.</summary>
    public required Func<string, Task<string>> TicketOfAsync { get; init; }

    /// <summary>Announces a terminal, seen where the test runs.</summary>
    public required Func<SwarmMember, Task> AnnounceAsync { get; init; }

    /// <summary>Makes the server as busy as it can be.</summary>
    public required Func<Task> MakeBusyAsync { get; init; }
}
