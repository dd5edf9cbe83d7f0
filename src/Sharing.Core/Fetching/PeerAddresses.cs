using System.Collections.Concurrent;
using System.Net;

namespace Sharing.Core;

/// <summary>Where terminals are, by the hash of the key of the certificate that each of them shows. Thread-safe singleton.</summary>
/// <remarks>A terminal's address in a URL is <c>http://{64 hex digits, a dot in the middle}.peer/</c>, so that a pooled connection belongs to an identity and not to a
/// number; the guarded client <see cref="GuardedClient.Peers"/> looks its end points up here, connects by TLS, and takes no other certificate.</remarks>
public sealed class PeerAddresses
{
    const string Suffix = ".peer";
    const int Half = 32;

    readonly ConcurrentDictionary<string, PeerEndPoints> _known = new(StringComparer.Ordinal);
    long _questions;

    /// <summary>The base address of a terminal whose end points are told here.</summary>
    /// <param name="device">The hash of its key (SHA-256 of the SubjectPublicKeyInfo): 64 lower-case hex digits.</param>
    /// <param name="endPoints">Where it is, at least one, the best first.</param>
    /// <param name="plain">Without TLS: whoever is there is believed to be it.</param>
    public Uri Tell(string device, IReadOnlyList<IPEndPoint> endPoints, bool plain = false) => Tell("", device, endPoints, plain);

    /// <summary>The base address of a terminal for one question, which no connection that is open already answers.</summary>
    /// <param name="device">The hash of its key: 64 lower-case hex digits.</param>
    /// <param name="endPoint">Where it is.</param>
    /// <param name="plain">Without TLS.</param>
    public OncePeer TellOnce(string device, IPEndPoint endPoint, bool plain = false) => new(this, Tell($"{Interlocked.Increment(ref _questions):x}.", device, [endPoint], plain));

    internal PeerEndPoints? Find(string host) => _known.GetValueOrDefault(host);

    internal void Forget(string host) => _known.TryRemove(host, out _);

    Uri Tell(string prefix, string device, IReadOnlyList<IPEndPoint> endPoints, bool plain)
    {
        if (device.Length != 2 * Half || device.AsSpan().ContainsAnyExcept("0123456789abcdef") || endPoints.Count == 0)
        {
            throw new ArgumentException("A terminal is named by 64 lower-case hex digits, and has an address.", nameof(device));
        }

        var host = $"{prefix}{device[..Half]}.{device[Half..]}{Suffix}";
        _known[host] = new(device, endPoints, plain);
        return new Uri($"http://{host}/");
    }

    internal sealed record PeerEndPoints(string Device, IReadOnlyList<IPEndPoint> EndPoints, bool Plain);
}
