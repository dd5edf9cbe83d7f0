using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Sharing.Social;

/// <summary>The keys that actors sign with, as they have been read in: that costs more than a signature. Thread-safe; a key that is lent is one caller's alone.</summary>
sealed class ActorKeys
{
    const int Most = 1000;

    readonly ConcurrentDictionary<string, ConcurrentBag<RSA>> _idle = new(StringComparer.Ordinal);

    public Lent Lend(StoredActor actor)
    {
        if (_idle.Count > Most)
        {
            _idle.Clear();
        }

        var idle = _idle.GetOrAdd(NameOf(actor), static _ => []);
        if (!idle.TryTake(out var key))
        {
            key = RSA.Create();
            key.ImportPkcs8PrivateKey(actor.PrivateKey, out _);
        }

        return new(key, idle);
    }

    /// <summary>Forgets an actor's key.</summary>
    public void Forget(StoredActor actor) => _idle.TryRemove(NameOf(actor), out _);

    static string NameOf(StoredActor actor) => Convert.ToHexString(SHA256.HashData(actor.PrivateKey));

    /// <summary>A key for a while.</summary>
    public readonly struct Lent(RSA key, ConcurrentBag<RSA> home) : IDisposable
    {
        public RSA Key => key;

        public void Dispose() => home.Add(key);
    }
}
