using System.Text.Json.Nodes;
using Sharing.Trials.Index;

namespace Sharing.Trials;

/// <summary>One random history on each placement of the chunk index: no chunk is believed nowhere, while an honest terminal that can be reached has it, for longer than the stated convergence time
/// (rows D3, D6).</summary>
sealed class IndexTrial : ITrial
{
    public string Name => "index";

    public int Count => 2000;

    public async Task<TrialOutcome> RunAsync(int trial, Random random, CancellationToken cancellationToken)
    {
        var (facts, seed, failure) = (new JsonObject(), random.Next(), (string?)null);
        foreach (var name in (string[])["server", "servers", "spread"])
        {
            var chance = new Random(seed);
            IPlacement placement = name == "spread" ? new SpreadPlacement(new Random(seed)) : new CentralPlacement(name == "server" ? 1 : IndexHistory.Servers, new Random(seed));
            using var end = (IDisposable)placement;
            var history = new IndexHistory(placement, chance);
            if (await history.RunAsync(cancellationToken) is { } wrong)
            {
                failure ??= $"{name}: {wrong}";
            }

            facts[name] = new JsonObject { ["judged"] = history.Judged, ["longest"] = history.Longest };
        }

        return new(failure, facts);
    }
}
