namespace Sharing.P2P;

/// <summary>A terminal that has some of a content, or all, or begins to fetch it.</summary>
public sealed record SwarmMember
{
    /// <summary>The greatest number of <see cref="Addresses"/>.</summary>
    public const int MostAddresses = 8;

    /// <summary>Its name: the hash of its certificate's key.</summary>
    public required string Device { get; init; }

    /// <summary>Where others reach it ("10.0.0.7:7400", "[fd00::7]:7400"); none: it only fetches.</summary>
    public IReadOnlyList<string> Addresses { get; init => field = value ?? []; } = []; // left out on the wire it is null here

    /// <summary>Tells one run of it from the next, and grows: it may have less after a restart.</summary>
    public long Session { get; init; }

    /// <summary>Grows with what it says in a session: what is older is not taken for news.</summary>
    public long Version { get; init; }

    /// <summary>The chunks that it has, as runs ("0-99,120-130") that rise and do not touch.</summary>
    public string Chunks { get; init => field = value ?? ""; } = "";

    /// <summary>It has all of them.</summary>
    public bool IsWhole { get; init; }

    /// <summary>It serves without TLS: for clients of other makers. Whoever is at its address is believed to be it.</summary>
    public bool IsPlain { get; init; }

    /// <summary>How busy it is with giving, 0 to 1.</summary>
    public double Load { get; init; }

    /// <summary>What it gives costs its owner money.</summary>
    public bool IsMetered { get; init; }
}
