using System.Text.Json.Nodes;
using Sharing.Tests.Content;
using Sharing.Trials;

namespace Sharing.Tests.Routes;

/// <summary>Trials go on where an earlier run stopped, and a failure is never passed over.</summary>
public sealed class TrialRunnerTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    string Results => _folder.Join("results.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Only_what_the_results_do_not_hold_is_run_and_a_cut_line_is_run_again()
    {
        var trial = new Counted();
        Assert.Equal(0, await RunAsync(trial, 3, seed: 1));
        Assert.Equal([0, 1, 2], trial.Ran);
        var lines = await File.ReadAllLinesAsync(Results);
        Assert.Equal((true, 3), ((bool)JsonNode.Parse(lines[2])!["ok"]!, lines.Length));
        await File.WriteAllTextAsync(Results, $"{lines[0]}\n{lines[1]}\n{lines[2][..10]}\n");

        Assert.Equal(0, await RunAsync(trial, 5, seed: 1));
        Assert.Equal([0, 1, 2, 2, 3, 4], trial.Ran);
        Assert.Equal(0, await RunAsync(trial, 1, seed: 2));
        Assert.Equal([0, 1, 2, 2, 3, 4, 0], trial.Ran);
    }

    [Fact]
    public async Task A_failure_is_told_kept_and_counted_again_next_time()
    {
        var trial = new Counted { Fails = 1 };
        Assert.Equal(1, await RunAsync(trial, 3, seed: 1));
        using var said = new StringWriter();
        Assert.Equal(1, await new TrialRunner(trial, 3, 1, Results, said).RunAsync(TestContext.Current.CancellationToken));
        Assert.Equal([0, 1, 2], trial.Ran);
        Assert.Contains("counted: 3 trials, 1 failures", said.ToString(), StringComparison.Ordinal);
        Assert.Contains("it broke", await File.ReadAllTextAsync(Results), StringComparison.Ordinal);
    }

    Task<int> RunAsync(ITrial trial, int count, int seed) => new TrialRunner(trial, count, seed, Results, TextWriter.Null).RunAsync(TestContext.Current.CancellationToken);

    sealed class Counted : ITrial
    {
        public List<int> Ran { get; } = [];

        public int Fails { get; init; } = -1;

        public string Name => "counted";

        public int Count => 1;

        public Task<TrialOutcome> RunAsync(int trial, Random random, CancellationToken cancellationToken)
        {
            Ran.Add(trial);
            return trial == Fails ? throw new InvalidOperationException("it broke") : Task.FromResult(new TrialOutcome(null, []));
        }
    }
}
