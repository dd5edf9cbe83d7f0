using System.Net;
using System.Net.NetworkInformation;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sharing.Core;

/// <summary>Opens connections to other terminals: public addresses, and those of a network that this machine is attached to; by TLS to the holder of one key.
/// Thread-safe.</summary>
/// <remarks>Never to loopback or link-local addresses, whoever says that a terminal is there, unless <see cref="FetchOptions.PeersOnThisMachine"/> is set. Sends no credentials, follows no
/// redirect, and has no proxy.</remarks>
sealed class PeerConnector(PeerAddresses addresses, FetchOptions options)
{
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

    /// <summary>Whether a terminal may be there.</summary>
    public bool Admits(IPAddress address) => options.PeersOnThisMachine && IPAddress.IsLoopback(address)
        || GlobalAddresses.IsGlobalUnicast(address) || IsAttached(address);

    async ValueTask<Stream> ConnectAsync(string host, CancellationToken cancellationToken)
    {
        var peer = addresses.Find(host) ?? throw new FetchRefusedException($"{host} is no terminal that was told of.");
        for (var i = 0; ; i++)
        {
            var at = peer.EndPoints[i];
            var socket = new Socket(at.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                if (!Admits(at.Address))
                {
                    throw new FetchRefusedException($"No terminal is looked for at {at}.");
                }

                await socket.ConnectAsync(at, cancellationToken);
                return peer.Plain ? new NetworkStream(socket, ownsSocket: true) : await SecureAsync(socket, peer.Device, cancellationToken);
            }
            catch (Exception) when (i + 1 < peer.EndPoints.Count && !cancellationToken.IsCancellationRequested)
            {
                socket.Dispose();
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }

    static async Task<Stream> SecureAsync(Socket socket, string device, CancellationToken cancellationToken)
    {
        var secure = new SslStream(new NetworkStream(socket, ownsSocket: true));
        try
        {
            await secure.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = "terminal",
                    RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                        certificate is X509Certificate2 shown && Convert.ToHexStringLower(SHA256.HashData(shown.PublicKey.ExportSubjectPublicKeyInfo())) == device,
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

    /// <summary>Whether an address is in a network that this machine is attached to; link-local ones are in every network, and so in none.</summary>
    static bool IsAttached(IPAddress address)
    {
        if (IPAddress.IsLoopback(address) || address.IsIPv6LinkLocal || address.IsIPv4MappedToIPv6 || (address.AddressFamily == AddressFamily.InterNetwork && address.GetAddressBytes() is [169, 254, ..]))
        {
            return false;
        }

        foreach (var card in NetworkInterface.GetAllNetworkInterfaces())
        {
            foreach (var own in card.GetIPProperties().UnicastAddresses)
            {
                if (own.Address.AddressFamily == address.AddressFamily && own.PrefixLength > 0
                    && new IPNetwork(Masked(own.Address, own.PrefixLength), own.PrefixLength).Contains(address))
                {
                    return true;
                }
            }
        }

        return false;
    }

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
