using System.Net;
using System.Net.Security;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Sharing.AspNetCore;
using Sharing.Core;
using Sharing.P2P;

namespace Sharing;

/// <summary>Lets other terminals reach this one.</summary>
public static class SharingPeerExtensions
{
    /// <summary>Bytes of a certificate: ours have some 400.</summary>
    const int MostCertificate = 16 * 1024;

    /// <summary>Listens for other terminals, by TLS with this terminal's own certificate, or without where <see cref="P2POptions.ServesPlain"/> is set. Map
    /// <c>SharingRoles.Peer</c>, and nothing that is not for strangers: this port answers for all that is mapped, unless the routes name their hosts.</summary>
    /// <remarks>By TLS, terminals that connect show their own certificates, and a ticket that names a terminal opens on its connections alone. Clients of other makers need show none: their
    /// tickets name no terminal. A certificate is accepted whoever signed it: it says who comes, not what he may.</remarks>
    /// <param name="kestrel">The server's options.</param>
    /// <param name="at">Where to listen. What others are told is in <see cref="P2POptions.Addresses"/>.</param>
    public static void ListenForTerminals(this KestrelServerOptions kestrel, IPEndPoint at)
    {
        var services = kestrel.ApplicationServices;
        kestrel.Listen(at, listen =>
        {
            listen.Protocols = HttpProtocols.Http1; // what terminals speak
            if (!services.GetRequiredService<IOptions<P2POptions>>().Value.ServesPlain)
            {
                var identity = services.GetRequiredService<IPeerIdentity>();
                listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = async context => OptionsOf(await identity.CertificateAsync(context.CancellationToken)) });
                listen.Use(static next => connection =>
                {
                    connection.Features.Set(new PeerConnection(connection.Features.Get<ITlsConnectionFeature>()?.ClientCertificate is { } shown ? PeerCertificates.NameOf(shown) : null));
                    return next(connection);
                });
            }
        });
    }

    static SslServerAuthenticationOptions OptionsOf(SslStreamCertificateContext own) => new()
    {
        ServerCertificateContext = own,
        AllowTlsResume = false, // each connection proves both certificates
        ClientCertificateRequired = true, // asked for; whoever has none comes in, too
        CertificateChainPolicy = PeerCertificates.NoChain(),
        RemoteCertificateValidationCallback = static (_, shown, _, _) => shown is null || shown.GetRawCertData().Length <= MostCertificate,
    };
}
