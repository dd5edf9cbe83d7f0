using Sharing.Trials.Apk;

namespace Sharing.Trials;

/// <summary>A thousand mutations of one part of a package: each is read or refused in one way, and none takes a second.</summary>
sealed class ApkTrial : ITrial
{
    public string Name => "apk";

    public int Count => 10 * PackageMutation.Subjects.Length;

    /// <summary>How many mutations make a trial.</summary>
    public int Mutations { get; init; } = 1000;

    public Task<TrialOutcome> RunAsync(int trial, Random random, CancellationToken cancellationToken)
    {
        var subject = PackageMutation.Subjects[trial % PackageMutation.Subjects.Length];
        var (refused, slowest) = PackageMutation.Mutate(subject, Mutations, random);
        return Task.FromResult(new TrialOutcome(
            slowest.TotalSeconds < 1 ? null : $"one {subject} took {slowest.TotalSeconds:F1} s",
            new() { ["subject"] = subject, ["mutations"] = Mutations, ["refused"] = refused, ["slowestMs"] = Math.Round(slowest.TotalMilliseconds, 1) }));
    }
}
