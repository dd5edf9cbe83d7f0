using System.Net;
using Sharing.Core;

namespace Sharing.Tests.Social;

public sealed class WaitReaderTests
{
    static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);

    [Theory]
    [InlineData(429, "Retry-After: 30", 30.0)]
    [InlineData(503, "Retry-After: 30", 30.0)]
    [InlineData(406, "Retry-After: 900", 900.0)]
    [InlineData(429, "Retry-After: Fri, 15 Jan 2027 08:01:00 GMT", 60.0)]
    [InlineData(429, "RateLimit-Reset: 1800000045", 45.0)]
    [InlineData(429, "RateLimit-Reset: 45", 45.0)]
    [InlineData(429, "X-RateLimit-Reset: 2027-01-15T08:00:20.123456Z", 20.123456)]
    [InlineData(429, "X-RateLimit-Reset: 1800000010", 10.0)]
    [InlineData(429, "Retry-After: 7\nX-RateLimit-Reset: 2027-01-15T09:00:00Z", 7.0)]
    [InlineData(429, "Retry-After: 99999999999999999999", 86400.0)]
    [InlineData(429, "Retry-After: Fri, 31 Dec 9999 23:59:59 GMT", 86400.0)]
    [InlineData(429, "RateLimit-Reset: 999999999999999", 86400.0)]
    [InlineData(429, "Retry-After: -1", null)]
    [InlineData(429, "Retry-After: 0", null)]
    [InlineData(429, "RateLimit-Reset: 1700000000", null)]
    [InlineData(429, "X-RateLimit-Reset: soon", null)]
    [InlineData(429, "X-RateLimit-Reset: 1.5", null)]
    [InlineData(429, "X-Other: 1", null)]
    [InlineData(500, "X-RateLimit-Reset: 1800000010", null)]
    [InlineData(200, "RateLimit-Reset: 30", null)]
    public void Every_dialect_is_understood(int status, string headers, double? seconds)
    {
        using var response = Answer(status, headers);
        var wait = WaitReader.Read(response, Now, TimeSpan.FromDays(1));
        Assert.Equal(seconds, wait?.TotalSeconds);
    }

    [Theory]
    [InlineData("X-RateLimit-Remaining: 0\nX-RateLimit-Reset: 2027-01-15T08:05:00.000000Z", 300.0)]
    [InlineData("RateLimit-Remaining: 0\nRateLimit-Reset: 1800000300", 300.0)]
    [InlineData("RateLimit-Remaining: 1\nRateLimit-Reset: 1800000300", null)]
    [InlineData("RateLimit-Remaining: 0", null)]
    public void A_limit_is_known_to_be_used_up_before_it_is_run_into(string headers, double? seconds)
    {
        using var response = Answer(200, headers);
        Assert.Equal(seconds is { } some ? Now.AddSeconds(some) : null, WaitReader.UsedUpUntil(response, Now, TimeSpan.FromDays(1)));
    }

    static HttpResponseMessage Answer(int status, string headers)
    {
        var response = new HttpResponseMessage((HttpStatusCode)status);
        foreach (var line in headers.Split('\n'))
        {
            var at = line.IndexOf(':', StringComparison.Ordinal);
            response.Headers.TryAddWithoutValidation(line[..at], line[(at + 1)..].Trim());
        }

        return response;
    }
}
