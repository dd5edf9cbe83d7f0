using System.Security.Cryptography;

namespace Sharing.Core;

/// <summary>Checks signatures (ECDSA, SHA-256, IEEE P1363) by keys that anybody may have sent.</summary>
public static class PublicKey
{
    /// <summary>Whether a key has signed something. What is no key, such as a point that is not on its curve, has signed nothing.</summary>
    /// <param name="key">A SubjectPublicKeyInfo.</param>
    /// <param name="said">What is signed.</param>
    /// <param name="signature">The signature.</param>
    public static bool HasSigned(ReadOnlySpan<byte> key, ReadOnlySpan<byte> said, ReadOnlySpan<byte> signature)
    {
        try
        {
            using var ecdsa = ECDsa.Create();
            ecdsa.ImportSubjectPublicKeyInfo(key, out _);
            return ecdsa.VerifyData(said, signature, HashAlgorithmName.SHA256);
        }
        catch (Exception e) when (e is CryptographicException or PlatformNotSupportedException)
        {
            return false;
        }
    }
}
