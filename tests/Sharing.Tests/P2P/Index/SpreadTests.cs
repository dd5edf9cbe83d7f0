using Sharing.P2P;
using Sharing.Trials.Index;

namespace Sharing.Tests.P2P.Index;

[Trait("Row", "D6")]
public sealed class SpreadTests
{
    /// <summary>One that has all, and the others a tenth, in runs of 8 chunks.</summary>
    internal static List<(int, int)> Tenth(int member, Random random) => member == 0 ? [] : member == 1 ? [(0, SpreadSimulation.Chunks - 1)] : Pieces(random, 3);

    /// <summary>Nobody has all: each has two runs of 8 chunks of 32.</summary>
    internal static List<(int, int)> Pieces(Random random, int count)
    {
        var places = Enumerable.Range(0, SpreadSimulation.Chunks / 8).ToArray();
        random.Shuffle(places);
        var runs = new List<(int, int)>();
        foreach (var place in places.Take(count).Order())
        {
            if (runs.Count > 0 && runs[^1].Item2 == (8 * place) - 1)
            {
                runs[^1] = (runs[^1].Item1, (8 * place) + 7);
            }
            else
            {
                runs.Add((8 * place, (8 * place) + 7));
            }
        }

        return runs;
    }

    [Theory]
    [InlineData("one has all")]
    [InlineData("all have pieces")]
    [InlineData("one alone has each of 16 chunks")]
    public Task A_thousand_members_that_know_any_other_converge_within_30_seconds_at_2_KiB_a_second_each_and_so_do_those_that_survive_a_crash_of_half(string kind) => ConvergesAsync(1000, kind);

    [Theory]
    [InlineData("one has all")]
    [InlineData("all have pieces")]
    [InlineData("one alone has each of 16 chunks")]
    public Task A_thousand_that_all_know_the_same_do_so_as_well(string kind) => ConvergesAsync(1000, kind, oneStart: true);

    [Theory]
    [Trait("Category", "Full")]
    [InlineData("one has all")]
    [InlineData("all have pieces")]
    public Task Ten_thousand_members_do_so_as_well(string kind) => ConvergesAsync(10_000, kind);

    [Theory]
    [Trait("Category", "Full")]
    [InlineData("one has all")]
    [InlineData("all have pieces")]
    public Task Ten_thousand_that_all_know_the_same_do_so_as_well(string kind) => ConvergesAsync(10_000, kind, oneStart: true);

    static async Task ConvergesAsync(int members, string kind, bool oneStart = false)
    {
        using var share = new TestShare(SpreadSimulation.Chunks);
        var simulation = new SpreadSimulation(members, seed: 1, kind switch
        {
            "one has all" => Tenth,
            "all have pieces" => static (member, random) => member == 0 ? [] : Pieces(random, 2),
            _ => static (member, _) => member is > 0 and <= 16 ? [(member * 4, member * 4)] : [],
        }, share, oneStart);
        var first = await simulation.UntilConvergedAsync(30);
        TestContext.Current.TestOutputHelper?.WriteLine($"{members}, {kind}: {first} s, {simulation.BytesPerSecond:F0} bytes/s ({Most()}), view {simulation.LargestView}; lacking {string.Join(' ', simulation.Timeline)}");
        Assert.NotNull(first);
        simulation.Crash(0.5);
        var again = await simulation.UntilConvergedAsync(30);
        TestContext.Current.TestOutputHelper?.WriteLine($"after the crash: {again} s, {simulation.BytesPerSecond:F0} bytes/s ({Most()}), view {simulation.LargestView}; lacking {string.Join(' ', simulation.Timeline)}");
        Assert.NotNull(again);
        Assert.InRange(simulation.EachBytesPerSecond[oneStart ? 1 : 0], 1, 2048); // whom all know to begin with cannot: it answers each once
        Assert.InRange(simulation.LargestView, 1, 1 << 20);

        string Most() => string.Join(' ', simulation.EachBytesPerSecond is var each ? new[] { 0, 1, 2, 10, members / 100, members / 2 }.Select(at => $"{each[at]:F0}") : []);
    }
}
