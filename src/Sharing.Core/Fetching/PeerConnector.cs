using System.Net;
using System.Net.NetworkInformation;
using System.Net.Security;
using System.Net.Sockets;

namespace Sharing.Core;

/// <summary>Opens connections to other terminals: public addresses, and those of a network that this machine is attached to; by TLS to the holder of one certificate.
/// Thread-safe.</summary>
/// <remarks>Never to loopback or link-local addresses, whoever says that a terminal is there, unless <see cref="FetchOptions.PeersOnThisMachine"/> is set. Shows this terminal's own certificate
/// where it has one, and no other credentials; follows no redirect, and has no proxy. Certificates are compared by their hash: no chain is followed, so nothing that one names is fetched.</remarks>
sealed class PeerConnector(PeerAddresses addresses, FetchOptions options, IPeerIdentity? identity = null)
{
    /// <summary>The networks that may be those of a house or an office. A machine is attached to others, too, but nobody's terminal is there.</summary>
    static readonly IPNetwork[] Attachable = [.. new[] { "10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7" }.Select(static text => IPNetwork.Parse(text))];

    /// <summary>In one of them, and a cloud's own.</summary>
    static readonly IPAddress[] Metadata = [IPAddress.Parse("100.100.100.200"), IPAddress.Parse("fd00:ec2::254"), IPAddress.Parse("fd20:ce::254")];

    /// <summary>Connects to one address.</summary>
    internal Func<IPEndPoint, CancellationToken, ValueTask<Stream>> Dial { get; init; } = DialAsync;

    /// <summary>The addresses of this machine, each with the length of its network's prefix.</summary>
    internal Func<IReadOnlyList<(IPAddress Address, int Prefix)>> OwnAddresses { get; init; } = ReadOwnAddresses;

    public HttpMessageHandler CreateHandler() => new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        Credentials = null,
        PreAuthenticate = false,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(60),
        ConnectTimeout = options.ConnectTimeout,
        MaxResponseHeadersLength = 8,
        MaxResponseDrainSize = 64 * 1024,
        ResponseDrainTimeout = TimeSpan.FromSeconds(1),
        ActivityHeadersPropagator = null,
        ConnectCallback = (context, token) => ConnectAsync(context.DnsEndPoint.Host, token),
    };

    /// <summary>Whether a terminal may be there, at a port of its own or at that of web servers.</summary>
    public bool Admits(IPEndPoint place) => (place.Port >= 1024 || options.StrangerPorts.Contains(place.Port))
        && ((options.PeersOnThisMachine && IPAddress.IsLoopback(place.Address)) || GlobalAddresses.IsGlobalUnicast(place.Address) || IsAttached(place.Address));

    async ValueTask<Stream> ConnectAsync(string host, CancellationToken cancellationToken)
    {
        var peer = addresses.Find(host) ?? throw new FetchRefusedException($"{host} is no terminal that was told of.");
        for (var i = 0; ; i++)
        {
            try
            {
                var at = peer.EndPoints[i];
                var stream = Admits(at) ? await Dial(at, cancellationToken) : throw new FetchRefusedException($"No terminal is looked for at {at}.");
                return peer.Plain ? stream : await SecureAsync(stream, peer.Device, cancellationToken);
            }
            catch (Exception) when (i + 1 < peer.EndPoints.Count && !cancellationToken.IsCancellationRequested)
            {
                continue; // another of its addresses may do
            }
        }
    }

    static async ValueTask<Stream> DialAsync(IPEndPoint at, CancellationToken cancellationToken)
    {
        var socket = new Socket(at.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(at, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    async Task<Stream> SecureAsync(Stream stream, string device, CancellationToken cancellationToken)
    {
        var secure = new SslStream(stream);
        try
        {
            await secure.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = "terminal",
                    AllowTlsResume = false, // each connection proves both certificates
                    ClientCertificateContext = identity is null ? null : await identity.CertificateAsync(cancellationToken),
                    CertificateChainPolicy = PeerCertificates.NoChain(),
                    RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null && PeerCertificates.NameOf(certificate) == device,
                },
                cancellationToken);
            return secure;
        }
        catch
        {
            await secure.DisposeAsync();
            throw;
        }
    }

    /// <summary>Whether an address is another's in a private network that this machine is attached to. At its own addresses there things listen that are not meant for others.</summary>
    bool IsAttached(IPAddress address)
    {
        if (!Array.Exists(Attachable, network => network.Contains(address)) || Metadata.Contains(address))
        {
            return false;
        }

        var own = OwnAddresses();
        return own.All(one => !one.Address.Equals(address))
            && own.Any(one => one.Address.AddressFamily == address.AddressFamily && one.Prefix > 0 && new IPNetwork(Masked(one.Address, one.Prefix), one.Prefix).Contains(address));
    }

    static List<(IPAddress Address, int Prefix)> ReadOwnAddresses() =>
        [.. NetworkInterface.GetAllNetworkInterfaces().SelectMany(static card => card.GetIPProperties().UnicastAddresses).Select(static own => (own.Address, own.PrefixLength))];

    static IPAddress Masked(IPAddress address, int bits)
    {
        var bytes = address.GetAddressBytes();
        for (var i = 0; i < bytes.Length; i++)
        {
            var keep = Math.Clamp(bits - (8 * i), 0, 8);
            bytes[i] &= (byte)(0xFF << (8 - keep));
        }

        return new IPAddress(bytes);
    }
}
