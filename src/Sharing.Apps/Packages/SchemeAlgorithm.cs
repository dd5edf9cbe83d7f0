using System.Security.Cryptography;

namespace Sharing.Apps;

/// <summary>A signature algorithm of APK signature schemes 2 and 3, by its id.</summary>
static class SchemeAlgorithm
{
    /// <summary>The algorithm; <c>null</c>: not one of those that are verified here (DSA, and the digests of fs-verity).</summary>
    public static (SignatureKind Kind, HashAlgorithmName Hash)? Of(uint id) => id switch
    {
        0x0101 => (SignatureKind.RsaPss, HashAlgorithmName.SHA256),
        0x0102 => (SignatureKind.RsaPss, HashAlgorithmName.SHA512),
        0x0103 => (SignatureKind.RsaPkcs1, HashAlgorithmName.SHA256),
        0x0104 => (SignatureKind.RsaPkcs1, HashAlgorithmName.SHA512),
        0x0201 => (SignatureKind.Ecdsa, HashAlgorithmName.SHA256),
        0x0202 => (SignatureKind.Ecdsa, HashAlgorithmName.SHA512),
        _ => null,
    };
}
