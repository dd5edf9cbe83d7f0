using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Sharing.AspNetCore;

namespace Sharing;

/// <summary>Sets what one client may ask of the web server on purpose, rather than leave it to defaults.</summary>
public static class SharingKestrelExtensions
{
    const int KiB = 1024;

    /// <summary>Bytes a second that a body must come or be taken with, measured over what is under way.</summary>
    const int SlowestReader = 2 * KiB;

    /// <summary>Bounds what one client, slow, idle or malicious, can take from the others, and refuses requests whose end two servers may see at
    /// different places.</summary>
    /// <remarks>
    /// <list type="bullet">
    /// <item>Request line 8 KiB (else 414); 64 headers of 16 KiB together (else 431); body 1 MiB (else 413), unless an endpoint sets a limit of its own, as those
    /// for uploads do. At most 256 KiB of a request and 64 KiB of an answer wait in memory for each connection.</item>
    /// <item>15 s from the first byte of a request to the end of its headers (else 408); 75 s without a request, a little more than proxies keep a connection
    /// (else closed); a body of at least 240 bytes a second after 5 s (else 408).</item>
    /// <item>An answer is taken at 2 KiB a second or more, after 10 s: a reader who stands still is cut off within about a minute, with what waits for him. Only
    /// bytes that wait count, so event streams, which are quiet, live on.</item>
    /// <item>What is written is sent at once, by the thread that wrote it, and what has come is read by the thread that took it: an event for ten thousand takes half the time, and no buffer for each
    /// of them. An endpoint that blocks its thread holds up its own connection, no other.</item>
    /// <item>20,000 connections at once, 1,000 of them upgraded; further ones are closed at once. How many one address may hold is for the proxy to say.</item>
    /// <item>HTTP/2: 100 requests at once on a connection, 16 KiB for one header, 4 KiB of header table, a ping after 30 s of silence that is answered within 20 s.</item>
    /// <item>Refused with 400 (RFC 9112, 6.1): a length beside a transfer coding, any coding but one <c>chunked</c>, a coding in HTTP/1.0, and lines that end
    /// without a carriage return (2.2). That last rule holds for all web servers of the process.</item>
    /// </list>
    /// What is configured after this call wins. Call it before the host is built.
    /// </remarks>
    /// <param name="web">The host's web server.</param>
    public static IWebHostBuilder UseSharingLimits(this IWebHostBuilder web)
    {
        AppContext.SetSwitch("Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators", true);
        return web
            .ConfigureServices(services =>
            {
                services.Configure<KestrelServerOptions>(Limit);
                services.Configure<SocketTransportOptions>(static sockets => sockets.UnsafePreferInlineScheduling = true); // no buffer waits for another thread to send it
                services.AddSingleton<IMemoryPoolFactory<byte>, KestrelBlocks>();
                services.TryAddEnumerable(ServiceDescriptor.Transient<IStartupFilter, RequestFraming>());
            });
    }

    static void Limit(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        var limits = kestrel.Limits;
        (limits.MaxRequestLineSize, limits.MaxRequestHeaderCount, limits.MaxRequestHeadersTotalSize) = (8 * KiB, 64, 16 * KiB);
        (limits.MaxRequestBodySize, limits.MaxRequestBufferSize, limits.MaxResponseBufferSize) = (KiB * KiB, 256 * KiB, 64 * KiB);
        (limits.RequestHeadersTimeout, limits.KeepAliveTimeout) = (TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(75));
        limits.MinRequestBodyDataRate = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
        limits.MinResponseDataRate = new(SlowestReader, gracePeriod: TimeSpan.FromSeconds(10));
        (limits.MaxConcurrentConnections, limits.MaxConcurrentUpgradedConnections) = (20_000, 1000);
        (limits.Http2.MaxStreamsPerConnection, limits.Http2.HeaderTableSize, limits.Http2.MaxRequestHeaderFieldSize) = (100, 4 * KiB, 16 * KiB);
        (limits.Http2.KeepAlivePingDelay, limits.Http2.KeepAlivePingTimeout) = (TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(20));
    }
}
