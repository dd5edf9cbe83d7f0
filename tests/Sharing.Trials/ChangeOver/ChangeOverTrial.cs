namespace Sharing.Trials.ChangeOver;

/// <summary>Row R8: a download changes over from the online origin to the offline library at any moment, whatever the origin does and says meanwhile, and the
/// result is one version or a clear failure. By turns a terminal's transfer and a plain client's stream.</summary>
sealed class ChangeOverTrial : ITrial
{
    public string Name => "change-over";

    public int Count => 10_000;

    /// <summary>The trials before this one ask the origin directly; from here on it is behind HTTP, and lies.</summary>
    public int FirstLie { get; init; } = 500;

    /// <summary>The longest content.</summary>
    public int Longest { get; init; } = 24 * 1024 * 1024;

    /// <summary>The longest content of most of the trials with lies, which are many.</summary>
    public int UsuallyLongest { get; init; } = 3 * 1024 * 1024;

    public async Task<TrialOutcome> RunAsync(int trial, Random random, CancellationToken cancellationToken)
    {
        var lying = trial >= FirstLie;
        var schedule = new Schedule(random, lying && trial % 10 != 0 ? Math.Min(Longest, UsuallyLongest) : Longest, lying);
        var facts = schedule.Facts();
        var terminal = trial % 3 != 2;
        facts["kind"] = terminal ? "terminal" : "client";
        try
        {
            using var course = terminal ? null : new ClientCourse(schedule, facts);
            using var transfer = terminal ? new TerminalCourse(schedule, facts) : null;
            var failure = await (course?.RunAsync(cancellationToken) ?? transfer!.RunAsync(cancellationToken));
            return new TrialOutcome(failure, facts);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return new TrialOutcome(e.ToString(), facts);
        }
    }
}
