using System.Globalization;
using Sharing.Trials.Durability;

namespace Sharing.Trials;

/// <summary>Every flush of a process that stores fails, once or from there on, with each error that a disk gives; then the power is cut. What was acknowledged is
/// there, what was not said so, and reads went on (row E1). Needs root, strace, loop devices and mkfs.xfs.</summary>
sealed class FsyncTrial : ITrial, IAsyncDisposable
{
    /// <summary>Enough that every kind of flush comes twice.</summary>
    const int Rounds = 2;

    static readonly string[] s_errors = ["EIO", "ENOSPC", "EDQUOT"];
    static readonly string[] s_fileSystems = ["ext4", "xfs"];

    readonly Dictionary<string, PowerDisk> _disks = new(StringComparer.Ordinal);
    StoringOrigin? _origin;
    int _flushes;

    public string Name => "fsync";

    /// <summary>The flushes are counted first; what is left over goes to random ones of longer runs.</summary>
    public int Count => 1200;

    public async Task<TrialOutcome> RunAsync(int trial, Random random, CancellationToken cancellationToken)
    {
        var flushes = await FlushesAsync(cancellationToken);
        var variants = s_errors.Length * 2;
        if (flushes * variants > Count)
        {
            return new($"There are {flushes} flushes: {Count} trials are too few for {variants} of each.", []);
        }

        var (which, error, forEver) = (trial / variants, s_errors[trial % s_errors.Length], trial / s_errors.Length % 2 == 1);
        return which < flushes
            ? await FailAsync(which + 1, error, forEver, s_fileSystems[which % 2], Rounds, cancellationToken)
            : await FailAsync(random.Next(1, 3 * flushes), error, forEver, s_fileSystems[random.Next(2)], 3 * Rounds, cancellationToken);
    }

    /// <summary>How many flushes a process makes whose disk is well.</summary>
    public async Task<int> FlushesAsync(CancellationToken cancellationToken)
    {
        if (_flushes == 0)
        {
            var (log, journal, _) = await StoreAsync(await DiskAsync("ext4"), null, "", Rounds, cancellationToken);
            _flushes = journal.Failed.Count == 0 ? log.Flushes : throw new InvalidOperationException($"The process did not end well: {string.Join(", ", journal.Failed)}");
        }

        return _flushes;
    }

    /// <summary>Lets one flush fail, or all from there on, and cuts the power.</summary>
    public async Task<TrialOutcome> FailAsync(int flush, string error, bool forEver, string fileSystem, int rounds, CancellationToken cancellationToken)
    {
        var which = flush.ToString(CultureInfo.InvariantCulture) + (forEver ? "+" : "");
        var (log, journal, failure) = await StoreAsync(await DiskAsync(fileSystem), error, which, rounds, cancellationToken);
        failure = journal.Unreadable.FirstOrDefault() ?? log.Wrong() ?? failure;
        return new(failure, new()
        {
            ["flush"] = which,
            ["error"] = error,
            ["fileSystem"] = fileSystem,
            ["file"] = log.Injected.Count > 0 ? Path.GetFileName(log.Injected[0]) : null,
            ["faults"] = log.Injected.Count,
            ["failed"] = journal.Failed.Count,
            ["acknowledged"] = journal.Put.Count,
        });
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var disk in _disks.Values)
        {
            await disk.DisposeAsync();
        }

        await (_origin?.DisposeAsync() ?? default);
    }

    async Task<(FlushLog Log, StoringJournal Journal, string? Failure)> StoreAsync(
        PowerDisk disk, string? error, string which, int rounds, CancellationToken cancellationToken)
    {
        _origin ??= await StoringOrigin.StartAsync();
        var (folder, log, journal) = (Path.Combine(disk.Folder, "data"), Path.GetTempFileName(), new StoringJournal { FlushesFailForEver = which.EndsWith('+') });
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(100));
        Directory.CreateDirectory(folder);
        try
        {
            await using (var child = StoringChild.StartOn(folder, _origin.Address, journal, rounds, FlushLog.Command(error, which, log)))
            {
                await child.EndAsync(patience.Token);
                if (!journal.Ended)
                {
                    throw new InvalidOperationException($"The process did not go on: {await child.ErrorsAsync()}");
                }
            }

            await disk.CutAsync();
            var (failure, _) = await disk.LookAsync(after => StoringCheck.RunAsync(Path.Combine(after, "data"), journal, cancellationToken));
            return (FlushLog.Read(log, error ?? "EIO"), journal, failure);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
            File.Delete(log);
        }
    }

    async Task<PowerDisk> DiskAsync(string fileSystem) =>
        _disks.TryGetValue(fileSystem, out var disk) ? disk : _disks[fileSystem] = await PowerDisk.CreateAsync(fileSystem);
}
