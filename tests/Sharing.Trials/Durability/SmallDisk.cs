using System.Globalization;

namespace Sharing.Trials.Durability;

/// <summary>A disk in memory of a size that can be changed while it is used. Needs root.</summary>
sealed class SmallDisk : IAsyncDisposable
{
    SmallDisk()
    {
    }

    /// <summary>Where it is mounted.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("sharing-disk-").FullName;

    /// <param name="kibibytes">How much there is room for; a multiple of 4.</param>
    public static async Task<SmallDisk> CreateAsync(int kibibytes)
    {
        var disk = new SmallDisk();
        await PowerDisk.RunAsync("mount", "-t", "tmpfs", "-o", Size(kibibytes), "tmpfs", disk.Folder);
        return disk;
    }

    /// <summary>Gives it another size.</summary>
    public Task ResizeAsync(int kibibytes) => PowerDisk.RunAsync("mount", "-o", "remount," + Size(kibibytes), Folder);

    public async ValueTask DisposeAsync()
    {
        await PowerDisk.RunAsync("umount", Folder);
        Directory.Delete(Folder);
    }

    static string Size(int kibibytes) => string.Create(CultureInfo.InvariantCulture, $"size={kibibytes}k");
}
