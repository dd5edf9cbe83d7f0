using System.Collections.Concurrent;

namespace Sharing.Photos;

/// <summary>What is being sent of grants in this process, so that it can be broken off. Thread-safe singleton.</summary>
sealed class GrantDoors
{
    readonly ConcurrentDictionary<GrantId, CancellationTokenSource> _open = new();

    /// <summary>Ends when the grant is closed.</summary>
    public CancellationToken Of(GrantId id) => _open.GetOrAdd(id, static _ => new()).Token;

    /// <summary>Breaks off whatever is being sent. Whoever opens afterwards has asked after the grant went.</summary>
    public void Close(GrantId id)
    {
        if (_open.TryRemove(id, out var door))
        {
            door.Cancel();
        }
    }
}
