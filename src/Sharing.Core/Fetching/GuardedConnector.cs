using System.Net;
using System.Net.Sockets;

namespace Sharing.Core;

/// <summary>Opens the connections of the guarded client, to addresses that the policy admitted and to no others. Thread-safe.</summary>
sealed class GuardedConnector(AddressPolicy policy, FetchOptions options, TimeProvider time)
{
    // A name may have any number of addresses; the patience of a fetch is shared by the first of them.
    const int MostAddresses = 8;

    /// <summary>Connects to one address.</summary>
    internal Func<IPEndPoint, CancellationToken, ValueTask<Stream>> Dial { get; init; } = DialAsync;

    /// <summary>The primary handler: no proxy, no cookies, no redirects, no decoding, and every connection by way of the policy. What a stranger asks for goes
    /// over connections of its own, so that it never rides on one that a configured authority was trusted with.</summary>
    public HttpMessageHandler CreateHandler() => new SeparatingHandler(policy, CreateHandler(policy.AdmitAsync), CreateHandler(policy.AdmitStrangerAsync));

    SocketsHttpHandler CreateHandler(Func<string, int, CancellationToken, ValueTask<IPAddress[]>> admitAsync) => new()
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        Credentials = null,
        PreAuthenticate = false,

        // Names move; a connection does not outlive its check for long.
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
        ConnectTimeout = options.ConnectTimeout,
        MaxResponseHeadersLength = 32,
        MaxResponseDrainSize = 64 * 1024,
        ResponseDrainTimeout = TimeSpan.FromSeconds(1),

        // Trace ids and baggage are nobody's business out there.
        ActivityHeadersPropagator = null,
        ConnectCallback = (context, token) => ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, admitAsync, token),
    };

    async ValueTask<Stream> ConnectAsync(
        string host, int port, Func<string, int, CancellationToken, ValueTask<IPAddress[]>> admitAsync, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var addresses = await admitAsync(host, port, cancellationToken);
        var count = Math.Min(addresses.Length, MostAddresses);
        for (var i = 0; ; i++)
        {
            // An address that swallows packets leaves the others their share of the time.
            var share = (options.ConnectTimeout - time.GetElapsedTime(started)) / (count - i);
            using var patience = new CancellationTokenSource(share > TimeSpan.Zero ? share : TimeSpan.Zero, time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
            try
            {
                return await Dial(new IPEndPoint(addresses[i], port), both.Token);
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                if (i + 1 < count)
                {
                    continue;
                }

                if (failure is OperationCanceledException)
                {
                    throw new TimeoutException($"{host}:{port} did not take a connection within {options.ConnectTimeout}.", failure);
                }

                throw;
            }
        }
    }

    static async ValueTask<Stream> DialAsync(IPEndPoint endpoint, CancellationToken cancellationToken)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endpoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
