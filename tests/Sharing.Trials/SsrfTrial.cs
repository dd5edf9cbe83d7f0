using Sharing.Trials.Ssrf;

namespace Sharing.Trials;

/// <summary>Every spelling of a forbidden address, on every way, at every place that fetches: no packet leaves for where it must not (rows S1 to S4 and S8), as
/// counted in a network namespace of its own, and everybody is told the same. An ordinary client on the same ways must be counted, or nothing is proven.</summary>
sealed class SsrfTrial : ITrial
{
    /// <summary>Samples and their order; a trial is a part of them.</summary>
    const int Seed = 20261121;

    public string Name => "ssrf";

    public int Count => 100;

    /// <summary>The assembly of the process that fetches.</summary>
    public string Child { get; init; } = Path.Combine(AppContext.BaseDirectory, "Sharing.Tests.Child.dll");

    /// <summary>In how many parts the spellings are cut: all of them together are all spellings.</summary>
    public int Parts { get; init; } = 100;

    public async Task<TrialOutcome> RunAsync(int trial, Random random, CancellationToken cancellationToken)
    {
        var facts = await GuardingCourse.RunAsync(Child, Seed, trial % Parts, Parts, cancellationToken);
        var failures = facts["failures"]!.AsArray();
        facts.Remove("failures");
        return new(failures.Count == 0 ? null : string.Join('\n', failures.Select(failure => (string)failure!)), facts);
    }
}
