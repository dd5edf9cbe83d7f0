using Sharing.Trials.Durability;

namespace Sharing.Trials;

/// <summary>A process that stores is killed: first at every named step, at its first, second and last time, then at random moments, twice in a row.</summary>
sealed class KillTrial : ITrial, IAsyncDisposable
{
    /// <summary>Enough that every step is reached.</summary>
    const int Rounds = 6;

    const int RandomKills = 300;

    StoringOrigin? _origin;
    List<(string Step, int Occurrence)>? _steps;

    public string Name => "kill";

    /// <summary>The steps are counted first; those that there are fewer of leave room for more random kills.</summary>
    public int Count => 400;

    /// <summary>The steps that a process reaches, with how often.</summary>
    public static async Task<IReadOnlyDictionary<string, int>> StepsAsync(Uri origin, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("sharing-kill-").FullName;
        try
        {
            var journal = new StoringJournal();
            await using var child = StoringChild.Start(folder, origin, journal, Rounds);
            await child.EndAsync(cancellationToken);
            return journal.Ended ? journal.Steps : throw new InvalidOperationException($"The process did not end well: {await child.ErrorsAsync()}");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public async Task<TrialOutcome> RunAsync(int trial, Random random, CancellationToken cancellationToken)
    {
        _origin ??= await StoringOrigin.StartAsync();
        _steps ??= [.. (await StepsAsync(_origin.Address, cancellationToken)).SelectMany(step => new[] { 1, 2, step.Value }.Where(n => n <= step.Value).Distinct().Select(n => (step.Key, n)))];
        if (_steps.Count + RandomKills > Count)
        {
            return new($"There are {_steps.Count} kills at named steps: {Count} trials leave fewer than {RandomKills} at random.", []);
        }

        return trial < _steps.Count
            ? await AtStepAsync(_steps[trial], _origin.Address, cancellationToken)
            : await AtRandomAsync(random, _origin.Address, cancellationToken);
    }

    /// <summary>Kills at one step; should a process get there less often than another one, at its last time.</summary>
    public static async Task<TrialOutcome> AtStepAsync((string Step, int Occurrence) at, Uri origin, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await TryAtStepAsync(at, origin, cancellationToken) is { } outcome)
            {
                return outcome;
            }

            at.Occurrence--;
        }
    }

    /// <returns><c>null</c>: the process ended well before it got there so often.</returns>
    static async Task<TrialOutcome?> TryAtStepAsync((string Step, int Occurrence) at, Uri origin, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("sharing-kill-").FullName;
        try
        {
            var journal = new StoringJournal();
            await using var child = StoringChild.Start(folder, origin, journal, Rounds, at.Step, at.Occurrence);
            var code = await child.EndAsync(cancellationToken);
            if (code == 0 && at.Occurrence > 1)
            {
                return null;
            }

            var (failure, start) = code == 137
                ? await StoringCheck.RunAsync(folder, journal, cancellationToken)
                : ($"The process was not killed but ended with {code}. {await child.ErrorsAsync()}", default);
            return new(failure, new() { ["step"] = at.Step, ["occurrence"] = at.Occurrence, ["acknowledged"] = journal.Put.Count, ["startMs"] = (long)start.TotalMilliseconds });
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static async Task<TrialOutcome> AtRandomAsync(Random random, Uri origin, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("sharing-kill-").FullName;
        try
        {
            var journal = new StoringJournal();
            for (var kills = random.Next(1, 3); kills > 0; kills--)
            {
                await using var child = StoringChild.Start(folder, origin, journal, rounds: 1_000_000);
                if (random.Next(4) != 0) // else within the start
                {
                    await child.ReadyAsync(cancellationToken);
                }

                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(1_000)), TimeProvider.System, cancellationToken);
                await child.KillAsync();
            }

            var (failure, start) = await StoringCheck.RunAsync(folder, journal, cancellationToken);
            return new(failure, new() { ["acknowledged"] = journal.Put.Count, ["startMs"] = (long)start.TotalMilliseconds });
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public async ValueTask DisposeAsync() => await (_origin?.DisposeAsync() ?? default);
}
