using Microsoft.Extensions.Logging;

namespace Sharing.P2P;

/// <summary>Asks the system to tell of changes in folders. What it loses is found by looking. Not for use by several threads at once.</summary>
sealed class FolderWatch(FolderSignal signal, ILogger logger) : IDisposable
{
    readonly Dictionary<string, FileSystemWatcher> _watchers = new(StringComparer.Ordinal);

    /// <summary>Watches these folders, and no others.</summary>
    public void Watch(IReadOnlyCollection<string> folders)
    {
        foreach (var gone in _watchers.Keys.Except(folders).ToArray())
        {
            _watchers.Remove(gone, out var watcher);
            watcher!.Dispose();
        }

        foreach (var folder in folders.Where(folder => !_watchers.ContainsKey(folder) && Directory.Exists(folder)))
        {
            try
            {
                _watchers[folder] = Begin(folder);
            }
            catch (Exception e) when (e is IOException or ArgumentException or UnauthorizedAccessException)
            {
                P2PLog.NotWatched(logger, folder, e.Message); // too many are watched already, or it has just gone
            }
        }
    }

    public void Dispose()
    {
        foreach (var watcher in _watchers.Values)
        {
            watcher.Dispose();
        }
    }

    FileSystemWatcher Begin(string folder)
    {
        var watcher = new FileSystemWatcher(folder)
        {
            IncludeSubdirectories = true, NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size,
        };
        FileSystemEventHandler changed = (_, _) => signal.Set();
        watcher.Changed += changed;
        watcher.Created += changed;
        watcher.Deleted += changed;
        watcher.Renamed += (_, _) => signal.Set();
        watcher.Error += (_, _) => signal.Set(); // some were lost
        try
        {
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch
        {
            watcher.Dispose();
            throw;
        }
    }
}
