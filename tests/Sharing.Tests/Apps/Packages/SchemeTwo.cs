using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sharing.Tests.Apps.Packages;

/// <summary>Signs a package by APK signature scheme 2, leaving all else as it is, as no honest tool does.</summary>
static class SchemeTwo
{
    /// <param name="apk">The package.</param>
    /// <param name="forged">Whether the signature is of something else.</param>
    public static byte[] Sign(byte[] apk, bool forged = false)
    {
        using var rsa = RSA.Create(2048);
        var certificate = new CertificateRequest("CN=mallory", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100)).RawData;
        var end = apk.AsSpan().LastIndexOf("PK\u0005\u0006"u8);
        var directory = (int)BinaryPrimitives.ReadUInt32LittleEndian(apk.AsSpan(end + 16));
        var digest = Digest([apk[..directory], apk[directory..end], apk[end..]]);
        byte[] algorithm = [3, 1, 0, 0];
        byte[] signed = [.. Part(Part([.. algorithm, .. Part(digest)])), .. Part(Part(certificate)), .. Part([])];
        var signature = rsa.SignData(forged ? [1, 2, 3] : signed, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        byte[] signer = [.. Part(signed), .. Part(Part([.. algorithm, .. Part(signature)])), .. Part(rsa.ExportSubjectPublicKeyInfo())];
        byte[] value = [0x1a, 0x87, 0x09, 0x71, .. Part(Part(signer))];
        byte[] pair = [.. Long(value.Length), .. value];
        byte[] block = [.. Long(pair.Length + 24), .. pair, .. Long(pair.Length + 24), .. "APK Sig Block 42"u8];
        byte[] whole = [.. apk[..directory], .. block, .. apk[directory..]];
        BinaryPrimitives.WriteInt32LittleEndian(whole.AsSpan(end + block.Length + 16), directory + block.Length);
        return whole;
    }

    static byte[] Digest(byte[][] parts)
    {
        var chunks = parts.SelectMany(part => part.Chunk(1 << 20)).Select(chunk => SHA256.HashData([0xa5, .. Number(chunk.Length), .. chunk])).ToArray();
        return SHA256.HashData([0x5a, .. Number(chunks.Length), .. chunks.SelectMany(chunk => chunk)]);
    }

    static byte[] Part(byte[] value) => [.. Number(value.Length), .. value];

    static byte[] Number(int value) => BitConverter.GetBytes(value);

    static byte[] Long(long value) => BitConverter.GetBytes(value);
}
