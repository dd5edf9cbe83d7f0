using Sharing.Trials.Durability;

namespace Sharing.Trials;

/// <summary>A process stores on a disk that gets full, at each page of a whole round; then there is room again. What could not be kept was said, reads,
/// deletions and sweeps went on, and with room everything is as before, without a restart (row E3). Needs root.</summary>
sealed class DiskTrial : ITrial, IAsyncDisposable
{
    const int Page = 4;
    const int Smallest = Reserve + 64;
    const int Reserve = 8 * 1024; // that the records keep back
    const int Roomy = 256 * 1024;

    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(100);

    StoringOrigin? _origin;

    public string Name => "disk";

    /// <summary>A round keeps a little more than 800 KiB.</summary>
    public int Count => 240;

    public async Task<TrialOutcome> RunAsync(int trial, Random random, CancellationToken cancellationToken)
    {
        _origin ??= await StoringOrigin.StartAsync();
        var room = Smallest + (Page * trial);
        await using var disk = await SmallDisk.CreateAsync(room);
        var (folder, journal) = (Path.Combine(disk.Folder, "data"), new StoringJournal());
        Directory.CreateDirectory(folder);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(s_patience);
        var child = StoringChild.StartOn(folder, _origin.Address, journal, rounds: 1_000_000);
        try
        {
            var full = await UntilAsync(child, static told => told.Failed.Count > 0, patience.Token);
            if (full.Ended) // there was no room for the start
            {
                await child.DisposeAsync();
                await disk.ResizeAsync(Roomy);
                child = StoringChild.StartOn(folder, _origin.Address, journal, rounds: 1_000_000);
            }
            else
            {
                full = await UntilAsync(child, told => told.Rounds >= full.Rounds + 4, patience.Token);
                await disk.ResizeAsync(Roomy);
            }

            // The round that was under way may still feel it.
            var roomy = await UntilAsync(child, told => told.Rounds > full.Rounds + 1, patience.Token);
            roomy = await UntilAsync(child, told => told.Rounds > roomy.Rounds + 1, patience.Token);
            var well = await UntilAsync(child, told => told.Rounds > roomy.Rounds + 3, patience.Token);
            await child.KillAsync();
            var failure = well.Failed.Count > roomy.Failed.Count ? $"With room again there failed: {string.Join(", ", well.Failed.Skip(roomy.Failed.Count))}"
                : well.Unreadable.FirstOrDefault() ?? Refused(full, "drop") ?? Refused(full, "sweep") ?? full.Failed.Where(failed => failed.Code != ProblemCodes.NoSpace).Select(failed => failed.ToString()).FirstOrDefault()
                ?? (await StoringCheck.RunAsync(folder, journal, cancellationToken)).Failure;
            return new(failure, new()
            {
                ["kibibytes"] = room,
                ["first"] = full.Failed[0].What,
                ["failed"] = full.Failed.Count,
                ["acknowledged"] = well.Put.Count,
            });
        }
        finally
        {
            await child.DisposeAsync();
        }
    }

    /// <summary>What makes room, and was refused.</summary>
    static string? Refused(StoringJournal full, string what) =>
        full.Failed.Where(failed => failed.What.StartsWith(what, StringComparison.Ordinal)).Select(failed => $"On a full disk: {failed}").FirstOrDefault();

    public async ValueTask DisposeAsync() => await (_origin?.DisposeAsync() ?? default);

    /// <summary>The journal as it is once a condition holds, or the process has ended.</summary>
    static async Task<StoringJournal> UntilAsync(StoringChild child, Func<StoringJournal, bool> holds, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (child.Look(told => told.Ended || holds(told) ? told.Copy() : null) is { } copy)
            {
                return copy;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, cancellationToken);
        }
    }
}
