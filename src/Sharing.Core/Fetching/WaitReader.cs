using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace Sharing.Core;

/// <summary>Reads how long a server asks to wait, in every dialect that is spoken: Retry-After in seconds or as a date (RFC 9110, 10.2.3), and what says when a
/// limit begins anew: RateLimit-Reset and X-RateLimit-Reset in seconds from now, as an epoch (Bluesky, GitHub), or as a timestamp (Mastodon).</summary>
public static class WaitReader
{
    // Nobody's limit lasts for 30 years: a greater number is a time since 1970.
    const long Epoch = 1_000_000_000;

    static readonly string[] s_resets = ["RateLimit-Reset", "X-RateLimit-Reset", "X-Rate-Limit-Reset"];
    static readonly string[] s_left = ["RateLimit-Remaining", "X-RateLimit-Remaining", "X-Rate-Limit-Remaining"];

    /// <summary>How long an answer asks to wait; <c>null</c> when it says nothing usable.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="now">The time.</param>
    /// <param name="longest">The most that is ever returned.</param>
    public static TimeSpan? Read(HttpResponseMessage response, DateTimeOffset now, TimeSpan longest)
    {
        // A reset is told with every answer; only one that turns somebody away for it is to be waited for.
        var wait = Of(response, "Retry-After", now, longest)
            ?? (response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.NotAcceptable ? Reset(response, now, longest) : null);
        return wait is { } some && some > TimeSpan.Zero ? Shorter(some, longest) : null;
    }

    /// <summary>When a limit that is used up begins anew; <c>null</c> where something is left of it, or nothing is told.</summary>
    /// <param name="response">Any answer.</param>
    /// <param name="now">The time.</param>
    /// <param name="longest">The most that is ever returned, from now.</param>
    public static DateTimeOffset? UsedUpUntil(HttpResponseMessage response, DateTimeOffset now, TimeSpan longest) =>
        s_left.Any(name => Text(response, name) == "0") && Reset(response, now, longest) is { } wait && wait > TimeSpan.Zero ? now + Shorter(wait, longest) : null;

    static TimeSpan? Reset(HttpResponseMessage response, DateTimeOffset now, TimeSpan longest) =>
        s_resets.Select(name => Of(response, name, now, longest)).FirstOrDefault(static wait => wait is not null);

    static TimeSpan? Of(HttpResponseMessage response, string name, DateTimeOffset now, TimeSpan longest)
    {
        if (Text(response, name) is not { Length: > 0 } text)
        {
            return null;
        }

        if (!text.AsSpan().ContainsAnyExceptInRange('0', '9'))
        {
            // More digits than a number has is a long time, not nonsense.
            return !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? longest
                : seconds >= Epoch ? Between(now, seconds, longest)
                : TimeSpan.FromSeconds(seconds);
        }

        // ISO 8601, or a date as HTTP has them.
        return text.Length >= 19 && text[10] == 'T' && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at - now
            : RetryConditionHeaderValue.TryParse(text, out var value) && value.Date is { } date ? date - now
            : null;
    }

    static TimeSpan Between(DateTimeOffset now, long epoch, TimeSpan longest) =>
        epoch > DateTimeOffset.MaxValue.ToUnixTimeSeconds() ? longest : DateTimeOffset.FromUnixTimeSeconds(epoch) - now;

    static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    // Two of a kind say nothing.
    static string? Text(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var values) && values.Count == 1 ? values.ToString().Trim() : null;
}
