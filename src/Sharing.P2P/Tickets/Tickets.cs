using System.Buffers.Text;
using System.Text.Json;
using Sharing.Core;

namespace Sharing.P2P;

/// <summary>Reads tickets. Thread-safe.</summary>
/// <remarks>On the wire: the JSON of a <see cref="ShareTicket"/> in Base64url, a dot, and the ECDSA signature of those bytes (P-256, SHA-256, IEEE P1363, 64 bytes) in Base64url. It goes
/// into paths, never into queries: other clients let nothing with a query near a private address.</remarks>
public static class Tickets
{
    const int MostCharacters = 1000;

    /// <summary>Reads a ticket that a key has signed and that has not expired; <c>null</c>: it is none.</summary>
    /// <param name="text">The ticket.</param>
    /// <param name="publicKey">The server's key: a SubjectPublicKeyInfo.</param>
    /// <param name="now">The time.</param>
    public static ShareTicket? Read(string text, ReadOnlySpan<byte> publicKey, DateTimeOffset now) =>
        Parse(text) is { } parts && PublicKey.HasSigned(publicKey, parts.Payload, parts.Signature) && parts.Ticket.Expires > now ? parts.Ticket : null;

    /// <summary>What a ticket says, whoever signed it: to find the key that it must be checked by.</summary>
    internal static ShareTicket? ReadUnchecked(string text) => Parse(text)?.Ticket;

    /// <summary>A ticket and its signature, whoever made it; <c>null</c>: it is none, or is not spelled as <see cref="TicketSigner"/> spells it.</summary>
    internal static (ShareTicket Ticket, byte[] Signature)? Split(string text) =>
        Parse(text) is { } parts && parts.Payload.AsSpan().SequenceEqual(Payload(parts.Ticket)) && parts.Signature.Length == 64 ? (parts.Ticket, parts.Signature) : null;

    /// <summary>Whether a key has signed a ticket.</summary>
    internal static bool IsSigned(ShareTicket ticket, ReadOnlySpan<byte> signature, ReadOnlySpan<byte> publicKey) => PublicKey.HasSigned(publicKey, Payload(ticket), signature);

    internal static async ValueTask<string> WriteAsync(ShareTicket ticket, SigningKey key, CancellationToken cancellationToken)
    {
        var payload = Payload(ticket);
        return $"{Base64Url.EncodeToString(payload)}.{Base64Url.EncodeToString(await key.SignAsync(payload, cancellationToken))}";
    }

    static byte[] Payload(ShareTicket ticket) => JsonSerializer.SerializeToUtf8Bytes(ticket, P2PJson.Default.ShareTicket);

    static (byte[] Payload, byte[] Signature, ShareTicket Ticket)? Parse(string text)
    {
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        if (text.Length > MostCharacters || dot < 0 || Decode(text.AsSpan(0, dot)) is not { } payload || Decode(text.AsSpan(dot + 1)) is not { } signature)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(payload, P2PJson.Default.ShareTicket) is { } ticket
                ? (payload, signature, ticket)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Reads what stands for some bytes in one way only: a ticket has one text.</summary>
    static byte[]? Decode(ReadOnlySpan<char> text) =>
        Base64Url.IsValid(text) && Base64Url.DecodeFromChars(text) is var bytes && text.SequenceEqual(Base64Url.EncodeToString(bytes)) ? bytes : null;
}
