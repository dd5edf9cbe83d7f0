namespace Sharing.Messaging;

/// <summary>The signature of a handler package: the file <c>signature.json</c> in it.</summary>
/// <param name="Key">The signer's key: a SubjectPublicKeyInfo, in Base64.</param>
/// <param name="Signature">The signature (ECDSA P-256, SHA-256, IEEE P1363) of "sharing-handler\n" and the bytes of the manifest, in Base64.</param>
public sealed record HandlerSignature(string Key, string Signature);
