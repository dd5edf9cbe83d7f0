using System.Collections.Concurrent;

namespace Sharing.Apps;

/// <summary>Numbers for the names of processors, features and textures, so that a device and a package are compared by number. Thread-safe.</summary>
/// <remarks>Only packages add names, and they come from catalogues that were vouched for; what a device alone names has no number, and needs none.</remarks>
sealed class Vocabulary
{
    readonly ConcurrentDictionary<string, int> _numbers = new(StringComparer.Ordinal);
    int _last = -1;

    /// <summary>How many names have numbers: from 0 to one less.</summary>
    public int Count => Volatile.Read(ref _last) + 1;

    public int NumberOf(string name) => _numbers.GetOrAdd(name, _ => Interlocked.Increment(ref _last));

    public int? Find(string name) => _numbers.TryGetValue(name, out var number) ? number : null;
}
