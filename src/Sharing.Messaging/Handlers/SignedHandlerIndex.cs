namespace Sharing.Messaging;

/// <summary>An index as it goes over the wire.</summary>
/// <param name="Index">The JSON of a <see cref="HandlerIndex"/>, in Base64: these bytes are signed.</param>
/// <param name="Key">The server's key: a SubjectPublicKeyInfo, in Base64.</param>
/// <param name="Signature">The signature (ECDSA P-256, SHA-256, IEEE P1363) of "sharing-handler-index\n" and those bytes, in Base64.</param>
public sealed record SignedHandlerIndex(string Index, string Key, string Signature);
