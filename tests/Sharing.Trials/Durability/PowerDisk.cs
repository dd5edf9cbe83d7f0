using System.Diagnostics;

namespace Sharing.Trials.Durability;

/// <summary>A disk whose power can be cut: a file system in an image file, mounted by loop. A copy-on-write clone of the image holds exactly what had
/// reached the disk at one moment; what was only in memory is lost with it. Needs root, loop devices, and mkfs.xfs (Debian's xfsprogs).</summary>
/// <remarks>It models the loss of the page cache, not a drive that lies about its own.</remarks>
sealed class PowerDisk : IAsyncDisposable
{
    readonly string _root = Directory.CreateTempSubdirectory("sharing-power-").FullName;

    PowerDisk()
    {
    }

    /// <summary>Where the disk is mounted.</summary>
    public string Folder => Path.Combine(_root, "disk");

    string Memory => Path.Combine(_root, "memory");

    string Backing => Path.Combine(_root, "backing");

    string Image => Path.Combine(Backing, "disk.img");

    string Clone => Path.Combine(Backing, "clone.img");

    string AfterCut => Path.Combine(_root, "after-cut");

    /// <summary>Makes and mounts one.</summary>
    /// <param name="fileSystem">"ext4" or "xfs".</param>
    public static async Task<PowerDisk> CreateAsync(string fileSystem)
    {
        var disk = new PowerDisk();
        foreach (var folder in new[] { disk.Folder, disk.Memory, disk.Backing, disk.AfterCut })
        {
            Directory.CreateDirectory(folder);
        }

        try
        {
            await RunAsync("mount", "-t", "tmpfs", "-o", "size=4g", "tmpfs", disk.Memory);
            var backing = Path.Combine(disk.Memory, "backing.img");
            await RunAsync("truncate", "-s", "3G", backing);
            await RunAsync("mkfs.xfs", "-q", "-m", "reflink=1", backing);
            await RunAsync("mount", "-o", "loop", backing, disk.Backing);
            await RunAsync("truncate", "-s", "600M", disk.Image);
            await RunAsync($"mkfs.{fileSystem}", "-q", disk.Image);
            await RunAsync("mount", "-o", "loop", disk.Image, disk.Folder);
            return disk;
        }
        catch
        {
            await disk.DisposeAsync();
            throw;
        }
    }

    /// <summary>Cuts the power for a copy of the disk; the disk itself goes on.</summary>
    public async Task CutAsync() => await RunAsync("cp", "--reflink=always", Image, Clone);

    /// <summary>Mounts the copy as after a restart, and lets it be looked at.</summary>
    public async Task<T> LookAsync<T>(Func<string, Task<T>> look)
    {
        await RunAsync("mount", "-o", "loop,nouuid".Replace(",nouuid", await IsXfsAsync() ? ",nouuid" : "", StringComparison.Ordinal), Clone, AfterCut);
        try
        {
            return await look(AfterCut);
        }
        finally
        {
            await UnmountAsync(AfterCut);
            File.Delete(Clone);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var mount in new[] { AfterCut, Folder, Backing, Memory })
        {
            await UnmountAsync(mount);
        }

        await TryAsync("rm", "-rf", _root);
    }

    /// <summary>Patiently: a loop device, and whoever looks at a new mount, lets go a moment later.</summary>
    static async Task UnmountAsync(string mount)
    {
        for (var attempt = 0; IsMounted(mount) && attempt < 200; attempt++)
        {
            await TryAsync("umount", mount);
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }

    static bool IsMounted(string folder) => File.ReadLines("/proc/mounts").Any(line => line.Split(' ')[1] == folder);

    async Task<bool> IsXfsAsync() => (await RunAsync("blkid", "-o", "value", "-s", "TYPE", Clone)).Trim() == "xfs";

    static async Task TryAsync(string tool, params string[] arguments)
    {
        try
        {
            await RunAsync(tool, arguments);
        }
        catch (InvalidOperationException)
        {
            // It was not mounted.
        }
    }

    /// <summary>Runs a tool of the system and returns what it printed.</summary>
    public static async Task<string> RunAsync(string tool, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(tool, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"{tool} {string.Join(' ', arguments)}: {await errors}");
    }
}
