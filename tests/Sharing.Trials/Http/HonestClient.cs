using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;

namespace Sharing.Trials.Http;

/// <summary>Somebody who reads his feed, each time on a connection of its own.</summary>
sealed class HonestClient : IDisposable
{
    readonly HttpClient _http;

    public HonestClient(Uri address, string token)
    {
        _http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero }) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Asks so many times, one after another.</summary>
    /// <returns>The 99th of a hundred times, in milliseconds.</returns>
    /// <exception cref="HttpRequestException">He was not served.</exception>
    public async Task<double> MeasureAsync(int requests, CancellationToken cancellationToken)
    {
        var times = new List<double>();
        for (var i = 0; i < requests; i++)
        {
            var started = Stopwatch.GetTimestamp();
            using var answer = await _http.GetAsync(string.Create(CultureInfo.InvariantCulture, $"v1/feed?limit={1 + (i % 50)}"), cancellationToken);
            answer.EnsureSuccessStatusCode();
            await answer.Content.ReadAsByteArrayAsync(cancellationToken);
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        times.Sort();
        return times[(int)Math.Ceiling(0.99 * times.Count) - 1];
    }
}
