namespace Sharing.Swarm;

/// <summary>The least time in which a file can reach all: Kumar and Ross, "Peer-Assisted File Distribution: The Minimum Distribution Time", HotWeb 2006. Frames are not counted in it.</summary>
static class Bound
{
    /// <summary>max{F/us, F/dmin, N·F/(us+Σui)}; where terminals come one after the other, each link counts from when its terminal came.</summary>
    public static double Of(Scenario scenario, double[] ups, double[] joins)
    {
        var (bits, server) = (scenario.Bytes * 8.0, scenario.ServerUp * 1e6);
        var bound = bits / server;
        for (var i = 0; i < ups.Length; i++)
        {
            bound = Math.Max(bound, joins[i] + (bits / (ups[i] * 1e6 * scenario.DownFactor)));
        }

        // At T the uplinks can have carried us·T + Σ ui·(T - joined) bits: as long as that is less than N·F, nobody can be done.
        Array.Sort(joins.ToArray(), ups);
        var ordered = joins.Order().ToArray();
        var (sum, before, need) = (server, 0.0, ups.Length * bits);
        for (var i = 0; i < ups.Length; i++)
        {
            var carried = sum * (ordered[i] - before);
            if (carried >= need)
            {
                break;
            }

            (need, before, sum) = (need - carried, ordered[i], sum + (ups[i] * 1e6));
        }

        return Math.Max(bound, before + (need / sum));
    }
}
