namespace Sharing.Apps;

/// <summary>How a signature is made from a digest.</summary>
enum SignatureKind
{
    RsaPkcs1,
    RsaPss,
    Ecdsa,
}
