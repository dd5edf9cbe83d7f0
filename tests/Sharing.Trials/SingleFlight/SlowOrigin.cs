using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Sharing.Trials;

/// <summary>An origin on loopback with one file that takes a while, and a count of the requests for it.</summary>
sealed class SlowOrigin : IAsyncDisposable
{
    const int Piece = 64 * 1024;

    readonly WebApplication _app;
    int _requests;

    SlowOrigin(WebApplication app, byte[] bytes) => (_app, Bytes) = (app, bytes);

    public byte[] Bytes { get; }

    public Uri Address => new(_app.Urls.First() + "/film.bin");

    public int Requests => Volatile.Read(ref _requests);

    public static async Task<SlowOrigin> StartAsync(Random random)
    {
        var bytes = new byte[2_000_000];
        random.NextBytes(bytes);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var origin = new SlowOrigin(app, bytes);
        app.Run(origin.AnswerAsync);
        await app.StartAsync();
        return origin;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    async Task AnswerAsync(HttpContext context)
    {
        Interlocked.Increment(ref _requests);
        context.Response.ContentLength = Bytes.Length;
        context.Response.Headers.ETag = "\"one\"";
        for (var at = 0; at < Bytes.Length; at += Piece)
        {
            await context.Response.Body.WriteAsync(Bytes.AsMemory(at, Math.Min(Piece, Bytes.Length - at)), context.RequestAborted);
            await Task.Delay(TimeSpan.FromMilliseconds(40), TimeProvider.System, context.RequestAborted);
        }
    }
}
