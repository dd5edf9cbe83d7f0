using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Sharing.Social;

/// <summary>Signs and checks webhooks by HMAC-SHA-256 as Standard Webhooks has it (standardwebhooks.com): over id, time and body, so that neither can be taken for another, nor an old
/// one for a new one.</summary>
public static class WebhookSignature
{
    /// <summary>The header of the event's id.</summary>
    public const string IdHeader = "webhook-id";

    /// <summary>The header of the time of sending, in seconds since 1970.</summary>
    public const string TimeHeader = "webhook-timestamp";

    /// <summary>The header of the signatures: <c>v1,BASE64</c>, several divided by spaces.</summary>
    public const string SignatureHeader = "webhook-signature";

    /// <summary>The window in which a receiver takes an event, before and after: five minutes.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    /// <summary>Signs.</summary>
    /// <param name="secret">The secret: <c>whsec_</c> and its bytes in base64, or any text.</param>
    /// <param name="id">The event's id.</param>
    /// <param name="at">When it is sent.</param>
    /// <param name="body">Its body, byte by byte.</param>
    /// <returns>The value of <see cref="SignatureHeader"/>.</returns>
    public static string Sign(string secret, string id, DateTimeOffset at, ReadOnlySpan<byte> body)
    {
        var head = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{at.ToUnixTimeSeconds()}."));
        return "v1," + Convert.ToBase64String(HMACSHA256.HashData((ReadOnlySpan<byte>)KeyOf(secret), [.. head, .. body]));
    }

    /// <summary>Whether an event is from somebody who has the secret, and is not an old one. Whoever takes an event remembers its id for <see cref="Window"/>, and takes none twice.</summary>
    /// <param name="secret">The secret.</param>
    /// <param name="id">The value of <see cref="IdHeader"/>.</param>
    /// <param name="timestamp">The value of <see cref="TimeHeader"/>.</param>
    /// <param name="signatures">The value of <see cref="SignatureHeader"/>.</param>
    /// <param name="body">The body as it came.</param>
    /// <param name="now">The time.</param>
    public static bool Verify(string secret, string? id, string? timestamp, string? signatures, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        if (id is null || signatures is null || !long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds() || (now - DateTimeOffset.FromUnixTimeSeconds(seconds)).Duration() > Window)
        {
            return false;
        }

        var right = Encoding.UTF8.GetBytes(Sign(secret, id, DateTimeOffset.FromUnixTimeSeconds(seconds), body));
        return signatures.Split(' ').Any(one => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(one), right));
    }

    static byte[] KeyOf(string secret)
    {
        const string Prefix = "whsec_";
        var bytes = new byte[secret.Length];
        return secret.StartsWith(Prefix, StringComparison.Ordinal) && Convert.TryFromBase64String(secret[Prefix.Length..], bytes, out var length) ? bytes[..length] : Encoding.UTF8.GetBytes(secret);
    }
}
