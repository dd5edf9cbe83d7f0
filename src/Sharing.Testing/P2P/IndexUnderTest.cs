using Sharing.P2P;

namespace Sharing.Testing;

/// <summary>An index as its terminals see it, and the means to let time go by.</summary>
public sealed record IndexUnderTest
{
    /// <summary>The index as a terminal sees it, by its number from 0. It knows nobody yet.</summary>
    public required Func<int, IChunkIndex> IndexOf { get; init; }

    /// <summary>The name of a terminal.</summary>
    public required Func<int, string> DeviceOf { get; init; }

    /// <summary>Signs a ticket, as the share's server does.</summary>
    public required Func<ShareTicket, Task<string>> SignAsync { get; init; }

    /// <summary>The content of the share; tickets for others are not in use.</summary>
    public required ContentInfo Content { get; init; }

    /// <summary>The clock of all of them.</summary>
    public required FakeTimeProvider Time { get; init; }

    /// <summary>Lets the stated convergence time go by, in which terminals do what they do by themselves. At once where one host knows all.</summary>
    public required Func<Task> ConvergeAsync { get; init; }

    /// <summary>How many terminals an answer names at most.</summary>
    public required int MembersPerAnswer { get; init; }

    /// <summary>Whether it knows all who are there; else those from whom every chunk is to be had, and others by chance.</summary>
    public bool KnowsAll { get; init; } = true;
}
