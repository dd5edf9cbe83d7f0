using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sharing.Core;

/// <summary>How terminals' certificates are judged: by the hash of their key alone. Nobody signs them.</summary>
public static class PeerCertificates
{
    /// <summary>The name of the terminal that holds a certificate's key: the SHA-256 of its SubjectPublicKeyInfo, 64 lower-case hex digits.</summary>
    public static string NameOf(X509Certificate certificate)
    {
        if (certificate is X509Certificate2 shown)
        {
            return NameOf(shown.PublicKey.ExportSubjectPublicKeyInfo());
        }

        using var copy = new X509Certificate2(certificate);
        return NameOf(copy.PublicKey.ExportSubjectPublicKeyInfo());
    }

    /// <summary>The name that belongs to a key: a SubjectPublicKeyInfo.</summary>
    public static string NameOf(ReadOnlySpan<byte> key) => Convert.ToHexStringLower(SHA256.HashData(key));

    /// <summary>Keeps the framework from fetching what a stranger's certificate names: issuers, revocation lists.</summary>
    public static X509ChainPolicy NoChain() => new()
    {
        DisableCertificateDownloads = true,
        RevocationMode = X509RevocationMode.NoCheck,
        VerificationFlags = X509VerificationFlags.AllFlags,
        TrustMode = X509ChainTrustMode.CustomRootTrust,
    };
}
