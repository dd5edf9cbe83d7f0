using System.Net.Security;

namespace Sharing.Core;

/// <summary>The certificate by which this terminal is known to others.</summary>
/// <remarks>Thread-safe. What is handed out stays its giver's.</remarks>
public interface IPeerIdentity
{
    /// <summary>The certificate with its key, the same each time.</summary>
    ValueTask<SslStreamCertificateContext> CertificateAsync(CancellationToken cancellationToken = default);
}
