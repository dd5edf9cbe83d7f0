using Sharing.P2P;

namespace Sharing.Swarm;

/// <summary>What is simulated. The same scenario gives the same outcome, to the byte.</summary>
sealed record Scenario
{
    /// <summary>How many terminals fetch.</summary>
    public required int Terminals { get; init; }

    public long Bytes { get; init; } = 64 << 20;

    public int Seed { get; init; } = 1;

    /// <summary>The server's uplink, in Mbit/s.</summary>
    public double ServerUp { get; init; } = 32;

    /// <summary>The terminals' uplinks, in Mbit/s: as many of each, in random order.</summary>
    public IReadOnlyList<double> Ups { get; init; } = [32];

    /// <summary>How many times faster a terminal's downlink is than its uplink.</summary>
    public double DownFactor { get; init; } = 4;

    /// <summary>From one host to another, in seconds.</summary>
    public double Latency { get; init; } = 0.005;

    /// <summary>What goes over a link for each byte of content: 1,514 bytes of Ethernet for 1,448 of content, as tbf counts.</summary>
    public double Overhead { get; init; } = 1514.0 / 1448;

    /// <summary>They come at random times within so many seconds; 0: all at once, when each has announced itself.</summary>
    public double JoinWithin { get; init; }

    /// <summary>What part of them leaves, without a word,</summary>
    public double Leaving { get; init; }

    /// <summary>at random times within so many seconds.</summary>
    public double LeaveWithin { get; init; }

    /// <summary>Whether the fair shares of links are reckoned exactly, which takes long.</summary>
    public bool IsExact { get; init; }

    public P2POptions Options { get; init; } = new() { ProvesAddresses = false };

    /// <summary>Bytes of content a second of so many Mbit/s.</summary>
    public double Rate(double megabits) => megabits * 1e6 / 8 / Overhead;
}
