using System.Net;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Sharing.P2P;

namespace Sharing;

/// <summary>Lets other terminals reach this one.</summary>
public static class SharingPeerExtensions
{
    /// <summary>Listens for other terminals, by TLS with this terminal's own certificate, or without where <see cref="P2POptions.ServesPlain"/> is set. Map
    /// <c>SharingRoles.Peer</c>, and nothing that is not for strangers: this port answers for all that is mapped, unless the routes name their hosts.</summary>
    /// <param name="kestrel">The server's options.</param>
    /// <param name="at">Where to listen. What others are told is in <see cref="P2POptions.Addresses"/>.</param>
    public static void ListenForTerminals(this KestrelServerOptions kestrel, IPEndPoint at)
    {
        var services = kestrel.ApplicationServices;
        kestrel.Listen(at, listen =>
        {
            if (!services.GetRequiredService<IOptions<P2POptions>>().Value.ServesPlain)
            {
                var identity = services.GetRequiredService<DeviceIdentity>();
                listen.UseHttps(new Microsoft.AspNetCore.Server.Kestrel.Https.TlsHandshakeCallbackOptions
                {
                    OnConnection = async context => new System.Net.Security.SslServerAuthenticationOptions { ServerCertificate = await identity.CertificateAsync(context.CancellationToken) },
                });
            }
        });
    }
}
