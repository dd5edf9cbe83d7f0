using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sharing.Core;

/// <summary>How terminals' certificates are judged: by their hash alone. Nobody signs them.</summary>
public static class PeerCertificates
{
    /// <summary>The name of the terminal that holds a certificate's key: the SHA-256 of the certificate, 64 lower-case hex digits.</summary>
    public static string NameOf(X509Certificate certificate) => Convert.ToHexStringLower(SHA256.HashData(certificate.GetRawCertData()));

    /// <summary>Keeps the framework from fetching what a stranger's certificate names: issuers, revocation lists.</summary>
    public static X509ChainPolicy NoChain() => new()
    {
        DisableCertificateDownloads = true,
        RevocationMode = X509RevocationMode.NoCheck,
        VerificationFlags = X509VerificationFlags.AllFlags,
        TrustMode = X509ChainTrustMode.CustomRootTrust,
    };
}
