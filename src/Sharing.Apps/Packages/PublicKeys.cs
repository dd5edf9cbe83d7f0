using System.Formats.Asn1;
using System.Security.Cryptography;

namespace Sharing.Apps;

/// <summary>Verifies a signature with a key that came with it. RSA and elliptic curves; DSA is refused.</summary>
static class PublicKeys
{
    const string Rsa = "1.2.840.113549.1.1.1", EllipticCurve = "1.2.840.10045.2.1";
    const int LeastRsaBits = 512, MostRsaBits = 8192;

    public static bool Verify(byte[] key, SignatureKind kind, HashAlgorithmName hash, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        try
        {
            var algorithm = new AsnReader(key, AsnEncodingRules.BER).ReadSequence().ReadSequence().ReadObjectIdentifier();
            return kind == SignatureKind.Ecdsa
                ? algorithm == EllipticCurve && VerifyEcdsa(key, hash, data, signature)
                : algorithm == Rsa && VerifyRsa(key, kind, hash, data, signature);
        }
        catch (Exception fault) when (fault is CryptographicException or AsnContentException or InvalidOperationException or ArgumentException or PlatformNotSupportedException)
        {
            throw new PackageFormatException(PackageFault.Signature, "A signer's key is damaged.", fault);
        }
    }

    static bool VerifyRsa(byte[] key, SignatureKind kind, HashAlgorithmName hash, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(key, out _);
        return rsa.KeySize is >= LeastRsaBits and <= MostRsaBits
            && rsa.VerifyData(data, signature, hash, kind == SignatureKind.RsaPss ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);
    }

    static bool VerifyEcdsa(byte[] key, HashAlgorithmName hash, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        using var curve = ECDsa.Create();
        curve.ImportSubjectPublicKeyInfo(key, out _);
        return curve.VerifyData(data, signature, hash, DSASignatureFormat.Rfc3279DerSequence);
    }
}
