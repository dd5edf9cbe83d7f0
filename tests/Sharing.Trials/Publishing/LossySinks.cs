using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Sharing.Trials;

/// <summary>Three networks on loopback, one for each way to make a repeat safe, that lose replies: the connection is cut before the post is stored, or after.</summary>
/// <remarks><c>PUT chosen/{key}</c>; <c>POST keyed</c> with Idempotency-Key; <c>POST plain</c>, which stores whatever comes, and <c>GET plain?key=</c>.</remarks>
sealed class LossySinks : IAsyncDisposable
{
    const double Lost = 0.3;

    readonly WebApplication _app;
    readonly Random _random;
    readonly ConcurrentDictionary<string, string> _chosen = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, string> _keyed = new(StringComparer.Ordinal);
    readonly ConcurrentQueue<(string Key, string Text)> _plain = new();
    int _cut;

    LossySinks(WebApplication app, Random random) => (_app, _random) = (app, random);

    public static IReadOnlyList<string> Networks { get; } = ["chosen", "keyed", "plain"];

    public Uri Address => new(_app.Urls.First() + "/");

    /// <summary>How many replies were lost.</summary>
    public int Cut => Volatile.Read(ref _cut);

    public static async Task<LossySinks> StartAsync(Random random)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var sinks = new LossySinks(app, random);
        app.Run(sinks.AnswerAsync);
        await app.StartAsync();
        return sinks;
    }

    /// <summary>The texts that a network shows, each as often as it shows it.</summary>
    public IEnumerable<string> TextsAt(string network) => network switch
    {
        "chosen" => _chosen.Values,
        "keyed" => _keyed.Values,
        _ => _plain.Select(post => post.Text),
    };

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    async Task AnswerAsync(HttpContext context)
    {
        var (fate, pause) = Draw();
        var path = context.Request.Path.Value!.Trim('/');
        if (HttpMethods.IsGet(context.Request.Method))
        {
            context.Response.StatusCode = _plain.Any(post => post.Key == context.Request.Query["key"]) ? 200 : 404;
            return;
        }

        using var reader = new StreamReader(context.Request.Body);
        var text = await reader.ReadToEndAsync(context.RequestAborted);
        await Task.Delay(pause, TimeProvider.System); // whoever asked may be dead by now; what he sent is stored all the same
        if (fate < Lost)
        {
            Interlocked.Increment(ref _cut);
        }

        if (fate < Lost / 2)
        {
            context.Abort();
            return;
        }

        var key = context.Request.Headers["Idempotency-Key"].ToString();
        if (path == "plain")
        {
            _plain.Enqueue((key, text));
        }
        else
        {
            (path == "keyed" ? _keyed : _chosen).TryAdd(path == "keyed" ? key : path, text);
        }

        if (fate < Lost)
        {
            context.Abort();
        }
    }

    (double Fate, TimeSpan Pause) Draw()
    {
        lock (_random)
        {
            return (_random.NextDouble(), TimeSpan.FromMilliseconds(_random.Next(200)));
        }
    }
}
