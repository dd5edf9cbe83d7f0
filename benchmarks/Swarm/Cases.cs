namespace Sharing.Swarm;

/// <summary>What is simulated by <c>./bench.sh swarm-sim</c>.</summary>
static class Cases
{
    public static readonly double[] Mixed = [4, 8, 32, 100];

    /// <summary>Chunks are of 256 KiB. What it takes until all uplinks are busy does not grow with the file: a longer one comes nearer to the bound, and takes longer to simulate.</summary>
    public static Scenario Flash(int terminals, bool mixed) => new() { Terminals = terminals, Ups = mixed ? Mixed : [32], Bytes = BytesFor(terminals) };

    /// <summary>The case of <c>./bench.sh swarm</c>: nothing but uplinks is limited, and hosts are next to each other.</summary>
    public static Scenario Real { get; } = new() { Terminals = 8, Latency = 0.0005, DownFactor = 1000 };

    public static long BytesFor(int terminals) => terminals <= 10_000 ? 128L << 20 : 64 << 20;

    public static IEnumerable<(string Name, Scenario Scenario)> All(bool quick)
    {
        foreach (var terminals in quick ? [100] : (int[])[100, 1000, 10_000])
        {
            foreach (var mixed in (bool[])[false, true])
            {
                yield return ($"{(mixed ? "mixed" : "equal")}, at once", Flash(terminals, mixed));
                if (terminals <= 1000)
                {
                    yield return ($"{(mixed ? "mixed" : "equal")}, within 10 s", Flash(terminals, mixed) with { JoinWithin = 10 });
                }
            }
        }
    }
}
