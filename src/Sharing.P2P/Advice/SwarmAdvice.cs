namespace Sharing.P2P;

/// <summary>What the server that knows the index says of what bytes cost now. A hint: what a terminal measures itself stays its own, and what cannot be is not believed.</summary>
public sealed record SwarmAdvice
{
    /// <summary>What a byte from the server costs, comparable to seconds; it rises with the server's load. <c>null</c>: it does not say.</summary>
    public double? ServerPricePerByte { get; init; }

    /// <summary>What a byte costs that comes from a terminal somewhere else, likewise.</summary>
    public double? PeerPricePerByte { get; init; }

    /// <summary>Of whom there is something to say.</summary>
    public IReadOnlyList<MemberAdvice> Members { get; init => field = value ?? []; } = [];

    /// <summary>How long it is good for.</summary>
    public TimeSpan ValidFor { get; init; }
}
