using System.Collections.Concurrent;

namespace Sharing.P2P;

/// <summary>What is being done with which file just now. Thread-safe singleton.</summary>
public sealed class FolderProgress
{
    readonly ConcurrentDictionary<string, (FolderFileState State, long Done)> _now = new(StringComparer.Ordinal);

    /// <summary>A file is being hashed or uploaded, so far.</summary>
    internal void Set(string path, FolderFileState state, long done) => _now[path] = (state, done);

    /// <summary>Nothing is done with it any more.</summary>
    internal void Clear(string path) => _now.TryRemove(path, out _);

    /// <summary>What is being done with it; <c>null</c>: nothing.</summary>
    internal (FolderFileState State, long Done)? Of(string path) => _now.TryGetValue(path, out var now) ? now : null;
}
