using System.Globalization;

namespace Sharing.Core;

/// <summary>Reads Retry-After (RFC 9110, 10.2.3).</summary>
static class RetryAfterReader
{
    /// <summary>How long the server asks to wait, at most <paramref name="longest"/>; <c>null</c> when it says nothing usable.</summary>
    public static TimeSpan? Read(HttpResponseMessage response, DateTimeOffset now, TimeSpan longest)
    {
        if (!response.Headers.NonValidated.TryGetValues("Retry-After", out var values) || values.Count != 1)
        {
            return null;
        }

        var text = values.ToString().Trim();
        TimeSpan wait;
        if (text.Length > 0 && !text.AsSpan().ContainsAnyExceptInRange('0', '9'))
        {
            // More digits than a number has is a long time, not nonsense.
            wait = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(seconds) : longest;
        }
        else if (response.Headers.RetryAfter?.Date is { } date)
        {
            wait = date - now;
        }
        else
        {
            return null;
        }

        return wait <= TimeSpan.Zero ? null : wait > longest ? longest : wait;
    }
}
