using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Sharing.P2P;

/// <summary>On a terminal: the deliveries that it waits for, and no others. Thread-safe singleton.</summary>
public sealed class AwaitedDeliveries
{
    readonly ConcurrentDictionary<string, (ShareId Share, TaskCompletionSource<ShareManifest> Arrived)> _awaited = new(StringComparer.Ordinal);

    /// <summary>Takes what was brought, if it is waited for; once.</summary>
    /// <returns>Whether it was.</returns>
    public bool TryTake(ShareDelivery delivery) => _awaited.TryGetValue(delivery.Nonce, out var awaited) && awaited.Share == delivery.Manifest.Share && awaited.Arrived.TrySetResult(delivery.Manifest);

    /// <summary>Begins to wait; disposing ends it.</summary>
    internal Awaited Begin(ShareId share)
    {
        var nonce = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var arrived = new TaskCompletionSource<ShareManifest>(TaskCreationOptions.RunContinuationsAsynchronously);
        _awaited[nonce] = (share, arrived);
        return new(this, nonce, arrived.Task);
    }

    internal sealed class Awaited(AwaitedDeliveries all, string nonce, Task<ShareManifest> arrived) : IDisposable
    {
        public string Nonce => nonce;

        public Task<ShareManifest> Arrived => arrived;

        public void Dispose() => all._awaited.TryRemove(nonce, out _);
    }
}
