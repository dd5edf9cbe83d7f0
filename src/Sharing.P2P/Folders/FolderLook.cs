using Sharing.Core;

namespace Sharing.P2P;

/// <summary>A look at a shared folder: what is new or has changed and is at rest, what is gone, and what is due again. Keeps in memory since when each file is as it is. Not for use by several threads
/// at once.</summary>
sealed class FolderLook(FolderStore store, TimeProvider time, TimeSpan restFor)
{
    readonly Dictionary<string, (FileStamp? Stamp, DateTimeOffset Since)> _seen = new(StringComparer.Ordinal);

    /// <summary>Looks.</summary>
    /// <returns>What is to be done now; and when something else will be, as far as is known.</returns>
    /// <exception cref="IOException">The folder is not there.</exception>
    public async Task<(List<FolderTask> Tasks, DateTimeOffset? Next)> AtAsync(StoredFolder folder, CancellationToken cancellationToken)
    {
        var found = FolderListing.Read(folder.Folder.Path);
        var (tasks, now) = (new List<FolderTask>(), time.GetUtcNow());
        DateTimeOffset? next = null;
        var known = new Dictionary<string, StoredFile>(StringComparer.Ordinal);
        await foreach (var file in store.FilesAsync(folder, cancellationToken))
        {
            known[file.Path] = file;
        }

        void Later(DateTimeOffset at) => next = next is { } sooner && sooner < at ? sooner : at;
        bool RestsSince(string path, FileStamp? stamp)
        {
            var key = folder.Key + "/" + path;
            if (!_seen.TryGetValue(key, out var seen) || seen.Stamp != stamp)
            {
                _seen[key] = seen = (stamp, now);
            }

            var due = seen.Since + restFor;
            if (due > now)
            {
                Later(due);
            }

            return due <= now;
        }

        foreach (var (path, stamp) in found)
        {
            var file = known.GetValueOrDefault(path);
            if (file is not null && file.Stamp == stamp && !file.IsDeleted)
            {
                if (!file.IsShared && (file.Again is not { } again || again <= now))
                {
                    tasks.Add(new(FolderTaskKind.Share, path, stamp, file));
                }
                else if (!file.IsShared)
                {
                    Later(file.Again!.Value);
                }
            }
            else if (RestsSince(path, stamp))
            {
                tasks.Add(new(FolderTaskKind.Share, path, stamp, file));
            }
        }

        // What is new may be what is gone, under another name: so that is seen to first.
        var isSettled = tasks.TrueForAll(static task => task.File is not null) && found.Keys.All(known.ContainsKey);
        foreach (var (path, file) in known.Where(file => !file.Value.IsDeleted && !found.ContainsKey(file.Key)))
        {
            if (RestsSince(path, null) && isSettled)
            {
                tasks.Add(new(FolderTaskKind.Delete, path, file.Stamp, file));
            }
        }

        return (tasks, next);
    }

    /// <summary>What was done of a file is in the records: it need not be remembered here.</summary>
    public void Forget(StoredFolder folder, string path) => _seen.Remove(folder.Key + "/" + path);
}

enum FolderTaskKind
{
    Share,
    Delete,
}

/// <summary>Something to do with a file.</summary>
/// <param name="Kind">What.</param>
/// <param name="Path">The file, from the folder on.</param>
/// <param name="Stamp">How it is; of a deleted one, how it was.</param>
/// <param name="File">What is known of it; <c>null</c>: nothing.</param>
sealed record FolderTask(FolderTaskKind Kind, string Path, FileStamp Stamp, StoredFile? File);
