using System.Formats.Asn1;
using System.Security.Cryptography;

namespace Sharing.Apps;

/// <summary>A verified signer of a JAR's signature file: PKCS#7 SignedData (RFC 5652) of exactly one signer over bytes outside of it.</summary>
/// <remarks>The certificate is the one that issuer and serial number name, byte by byte, and there must be exactly one such: readers differ on which they would take.</remarks>
sealed class JarSigner
{
    const string SignedData = "1.2.840.113549.1.7.2", MessageDigest = "1.2.840.113549.1.9.4";
    static readonly Asn1Tag Tag0 = new(TagClass.ContextSpecific, 0), Tag1 = new(TagClass.ContextSpecific, 1);

    JarSigner(SigningCertificate certificate, int certificates, bool weak) => (Certificate, Certificates, Weak) = (certificate, certificates, weak);

    public SigningCertificate Certificate { get; }

    /// <summary>How many certificates the block holds.</summary>
    public int Certificates { get; }

    /// <summary>Whether it signed a SHA-1.</summary>
    public bool Weak { get; }

    public static JarSigner Verify(byte[] block, ReadOnlySpan<byte> signed)
    {
        try
        {
            return Read(block, signed);
        }
        catch (Exception fault) when (fault is AsnContentException or InvalidOperationException)
        {
            throw new PackageFormatException(PackageFault.Signature, "A signature block is damaged.", fault);
        }
    }

    static JarSigner Read(byte[] block, ReadOnlySpan<byte> signed)
    {
        var outer = new AsnReader(block, AsnEncodingRules.BER).ReadSequence();
        if (outer.ReadObjectIdentifier() != SignedData)
        {
            throw Fault("A signature block is of an unknown kind.");
        }

        var data = outer.ReadSequence(Tag0).ReadSequence();
        data.ReadEncodedValue(); // version
        data.ReadEncodedValue(); // digest algorithms
        data.ReadEncodedValue(); // content, which is the signature file
        var certificates = new List<SigningCertificate>();
        if (data.PeekTag().HasSameClassAndValue(Tag0))
        {
            for (var set = data.ReadSetOf(skipSortOrderValidation: true, Tag0); set.HasData;)
            {
                certificates.Add(certificates.Count < 16 ? SigningCertificate.Read(set.ReadEncodedValue().Span) : throw Fault("There are too many certificates."));
            }
        }

        if (data.PeekTag().HasSameClassAndValue(Tag1))
        {
            data.ReadEncodedValue(); // revocations
        }

        var signers = data.ReadSetOf(skipSortOrderValidation: true);
        var signer = signers.ReadSequence();
        signers.ThrowIfNotEmpty();
        return Read(signer, certificates, signed);
    }

    static JarSigner Read(AsnReader signer, List<SigningCertificate> certificates, ReadOnlySpan<byte> signed)
    {
        signer.ReadEncodedValue(); // version
        var name = signer.ReadSequence();
        var issuer = name.ReadEncodedValue();
        var serial = name.ReadIntegerBytes();
        var mine = certificates.FindAll(one => one.Issuer.AsSpan().SequenceEqual(issuer.Span) && one.Serial.AsSpan().SequenceEqual(serial.Span));
        var hash = HashOf(signer.ReadSequence().ReadObjectIdentifier());
        var attributes = signer.PeekTag().HasSameClassAndValue(Tag0) ? signer.ReadEncodedValue() : default;
        var (kind, own) = AlgorithmOf(signer.ReadSequence().ReadObjectIdentifier());
        var signature = signer.ReadOctetString();
        hash = own ?? hash ?? throw Fault("A signature is of an unknown kind.");
        var data = attributes.IsEmpty ? signed : Attributes(attributes, hash.Value, signed);
        return mine.Count != 1 ? throw Fault("A signature block does not hold its signer's certificate once.")
            : !PublicKeys.Verify(mine[0].Key, kind, hash.Value, data, signature) ? throw Fault("A signature does not fit.")
            : new(mine[0], certificates.Count, hash == HashAlgorithmName.SHA1);
    }

    /// <summary>The attributes that were signed in place of the content, whose digest one of them must be.</summary>
    static byte[] Attributes(ReadOnlyMemory<byte> encoded, HashAlgorithmName hash, ReadOnlySpan<byte> signed)
    {
        var bytes = encoded.ToArray();
        bytes[0] = 0x31; // they were signed as a set
        var (digest, set) = (default(byte[]), new AsnReader(bytes, AsnEncodingRules.BER).ReadSetOf(skipSortOrderValidation: true));
        while (set.HasData)
        {
            var attribute = set.ReadSequence();
            if (attribute.ReadObjectIdentifier() == MessageDigest)
            {
                digest = digest is null ? attribute.ReadSetOf(skipSortOrderValidation: true).ReadOctetString() : throw Fault("A signature block has two digests.");
            }
        }

        return digest is not null && CryptographicOperations.HashData(hash, signed).AsSpan().SequenceEqual(digest) ? bytes : throw Fault("A signature block has another digest.");
    }

    static HashAlgorithmName? HashOf(string algorithm) => algorithm switch
    {
        "1.3.14.3.2.26" => HashAlgorithmName.SHA1,
        "2.16.840.1.101.3.4.2.1" => HashAlgorithmName.SHA256,
        "2.16.840.1.101.3.4.2.2" => HashAlgorithmName.SHA384,
        "2.16.840.1.101.3.4.2.3" => HashAlgorithmName.SHA512,
        _ => null,
    };

    static (SignatureKind Kind, HashAlgorithmName? Hash) AlgorithmOf(string algorithm) => algorithm switch
    {
        "1.2.840.113549.1.1.1" => (SignatureKind.RsaPkcs1, null),
        "1.2.840.113549.1.1.5" => (SignatureKind.RsaPkcs1, HashAlgorithmName.SHA1),
        "1.2.840.113549.1.1.11" => (SignatureKind.RsaPkcs1, HashAlgorithmName.SHA256),
        "1.2.840.113549.1.1.12" => (SignatureKind.RsaPkcs1, HashAlgorithmName.SHA384),
        "1.2.840.113549.1.1.13" => (SignatureKind.RsaPkcs1, HashAlgorithmName.SHA512),
        "1.2.840.10045.2.1" => (SignatureKind.Ecdsa, null),
        "1.2.840.10045.4.1" => (SignatureKind.Ecdsa, HashAlgorithmName.SHA1),
        "1.2.840.10045.4.3.2" => (SignatureKind.Ecdsa, HashAlgorithmName.SHA256),
        "1.2.840.10045.4.3.3" => (SignatureKind.Ecdsa, HashAlgorithmName.SHA384),
        "1.2.840.10045.4.3.4" => (SignatureKind.Ecdsa, HashAlgorithmName.SHA512),
        _ => throw Fault("A signature is of an unknown kind."),
    };

    static PackageFormatException Fault(string message) => new(PackageFault.Signature, message);
}
