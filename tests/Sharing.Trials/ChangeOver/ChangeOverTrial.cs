namespace Sharing.Trials.ChangeOver;

/// <summary>Row R8: a download changes over from the online origin to the offline library at any moment, whatever the origin does meanwhile, and the
/// result is one version. By turns a terminal's transfer and a plain client's stream.</summary>
sealed class ChangeOverTrial : ITrial
{
    public string Name => "change-over";

    public int Count => 500;

    /// <summary>The longest content.</summary>
    public int Longest { get; init; } = 24 * 1024 * 1024;

    public async Task<TrialOutcome> RunAsync(int trial, Random random, CancellationToken cancellationToken)
    {
        var schedule = new Schedule(random, Longest);
        var facts = schedule.Facts();
        var terminal = trial % 3 != 2;
        facts["kind"] = terminal ? "terminal" : "client";
        try
        {
            var failure = terminal
                ? await new TerminalCourse(schedule, random, facts).RunAsync(cancellationToken)
                : await new ClientCourse(schedule, facts).RunAsync(cancellationToken);
            return new TrialOutcome(failure, facts);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return new TrialOutcome(e.ToString(), facts);
        }
    }
}
