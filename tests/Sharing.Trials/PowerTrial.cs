using System.Diagnostics;
using System.Globalization;
using Sharing.Trials.Durability;

namespace Sharing.Trials;

/// <summary>The power is cut while a process stores: nothing that it was told is durable may be lost. For each file system, first the power of
/// a process that does not flush its directory is cut until it has lost something: if that never happens, this trial sees nothing.</summary>
sealed class PowerTrial : ITrial, IAsyncDisposable
{
    static readonly string[] s_fileSystems = ["ext4", "xfs"];

    readonly Dictionary<string, PowerDisk> _disks = new(StringComparer.Ordinal);
    StoringOrigin? _origin;

    public string Name => "power";

    public int Count => 300;

    public async Task<TrialOutcome> RunAsync(int trial, Random random, CancellationToken cancellationToken)
    {
        _origin ??= await StoringOrigin.StartAsync();
        var fileSystem = s_fileSystems[trial % s_fileSystems.Length];
        var control = trial < s_fileSystems.Length ? await ControlAsync(await DiskAsync(fileSystem), random, cancellationToken) : null;
        if (control is { Lost: 0 })
        {
            return new($"In {control.Value.Cuts} power cuts a process that does not flush its directory lost nothing: this trial is blind.", []);
        }

        var outcome = await StoreAndCutAsync(await DiskAsync(fileSystem), random, cancellationToken);
        outcome.Facts["fileSystem"] = fileSystem;
        if (control is { } seen)
        {
            (outcome.Facts["controlCuts"], outcome.Facts["controlCutsWithLoss"]) = (seen.Cuts, seen.Lost);
        }

        return outcome;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var disk in _disks.Values)
        {
            await disk.DisposeAsync();
        }

        await (_origin?.DisposeAsync() ?? default);
    }

    async Task<PowerDisk> DiskAsync(string fileSystem) =>
        _disks.TryGetValue(fileSystem, out var disk) ? disk : _disks[fileSystem] = await PowerDisk.CreateAsync(fileSystem);

    async Task<TrialOutcome> StoreAndCutAsync(PowerDisk disk, Random random, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(disk.Folder, "data");
        var journal = new StoringJournal();
        try
        {
            await using (var child = StoringChild.Start(folder, _origin!.Address, journal, rounds: 1_000_000))
            {
                await child.ReadyAsync(cancellationToken);
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(1_500)), TimeProvider.System, cancellationToken);
                var acknowledged = child.Look(told => told.Copy()); // read before the cut: later ones may be lost
                await disk.CutAsync();
                await child.KillAsync();
                acknowledged = acknowledged.Standing(journal);
                var (failure, start) = await disk.LookAsync(after => StoringCheck.RunAsync(Path.Combine(after, "data"), acknowledged, cancellationToken));
                return new(failure, new() { ["acknowledged"] = acknowledged.Put.Count + acknowledged.Flushed.Count, ["startMs"] = (long)start.TotalMilliseconds });
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Cuts the power of a process that flushes files, but not the directory that has their names, until something is lost.</summary>
    static async Task<(int Cuts, int Lost)?> ControlAsync(PowerDisk disk, Random random, CancellationToken cancellationToken)
    {
        var (cuts, lost) = (0, 0);
        for (; cuts < 25 && lost == 0; cuts++)
        {
            var folder = Path.Combine(disk.Folder, "by-hand");
            var files = random.Next(5, 50);
            using var process = Process.Start(new ProcessStartInfo("dotnet", [StoringChild.Assembly, "by-hand", folder, files.ToString(CultureInfo.InvariantCulture)]) { UseShellExecute = false, RedirectStandardOutput = true })!;
            var told = -1;
            while (told < files - 1 && await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
            {
                told = int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
            }

            await disk.CutAsync();
            process.Kill();
            await process.WaitForExitAsync(cancellationToken);
            lost += await disk.LookAsync(after => Task.FromResult(Enumerable.Range(0, told + 1).Any(i => !IsThere(Path.Combine(after, "by-hand", $"{i}"), i)))) ? 1 : 0;
            Directory.Delete(folder, recursive: true);
        }

        return (cuts, lost);
    }

    static bool IsThere(string path, int number)
    {
        var bytes = new byte[20_000];
        new Random(number).NextBytes(bytes);
        return File.Exists(path) && File.ReadAllBytes(path).AsSpan().SequenceEqual(bytes);
    }
}
