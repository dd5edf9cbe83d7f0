using System.Formats.Asn1;
using System.Security.Cryptography;

namespace Sharing.Apps;

/// <summary>A certificate (X.509) as far as package signatures go: its bytes name the signer, its key verifies. Who issued it and until when does not matter to Android.</summary>
sealed class SigningCertificate
{
    SigningCertificate(byte[] der, byte[] key, byte[] issuer, byte[] serial) => (Der, Key, Issuer, Serial) = (der, key, issuer, serial);

    public byte[] Der { get; }

    /// <summary>SubjectPublicKeyInfo, DER.</summary>
    public byte[] Key { get; }

    /// <summary>The issuer's name, DER.</summary>
    public byte[] Issuer { get; }

    public byte[] Serial { get; }

    /// <summary>SHA-256 of the certificate, lower-case hex.</summary>
    public string Id => Convert.ToHexStringLower(SHA256.HashData(Der));

    public static SigningCertificate Read(ReadOnlySpan<byte> der)
    {
        try
        {
            var bytes = der.ToArray();
            var outer = new AsnReader(bytes, AsnEncodingRules.BER);
            var certificate = outer.ReadSequence();
            outer.ThrowIfNotEmpty();
            var body = certificate.ReadSequence();
            if (body.PeekTag().HasSameClassAndValue(new Asn1Tag(TagClass.ContextSpecific, 0)))
            {
                body.ReadEncodedValue(); // version
            }

            var serial = body.ReadIntegerBytes().ToArray();
            body.ReadEncodedValue(); // algorithm
            var issuer = body.ReadEncodedValue().ToArray();
            body.ReadEncodedValue(); // validity
            body.ReadEncodedValue(); // subject
            return new(bytes, body.ReadEncodedValue().ToArray(), issuer, serial);
        }
        catch (Exception fault) when (fault is AsnContentException or InvalidOperationException)
        {
            throw new PackageFormatException(PackageFault.Signature, "A certificate is damaged.", fault);
        }
    }
}
