using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace Sharing.Trials.Restart;

/// <summary>An origin on loopback with a few files that take a second or so each; it gives ranges.</summary>
sealed class RestartOrigin : IAsyncDisposable
{
    const int Piece = 64 * 1024;

    readonly WebApplication _app;
    readonly byte[][] _files;

    RestartOrigin(WebApplication app, byte[][] files) => (_app, _files) = (app, files);

    public Uri AddressOf(int file) => new(string.Create(CultureInfo.InvariantCulture, $"{_app.Urls.First()}/file-{file}.bin"));

    /// <summary>The bytes at an address.</summary>
    public byte[] BytesOf(string path) => _files[int.Parse(path["/file-".Length..^".bin".Length], CultureInfo.InvariantCulture)];

    public static async Task<RestartOrigin> StartAsync(Random random, int count, int? length = null)
    {
        var files = Enumerable.Range(0, count).Select(_ => new byte[length ?? random.Next(200_000, 4_000_000)]).ToArray();
        Array.ForEach(files, random.NextBytes);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var origin = new RestartOrigin(app, files);
        app.Run(origin.AnswerAsync);
        await app.StartAsync();
        return origin;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    async Task AnswerAsync(HttpContext context)
    {
        var bytes = BytesOf(context.Request.Path.Value!);
        var tag = new EntityTagHeaderValue(string.Create(CultureInfo.InvariantCulture, $"\"{bytes.Length}\""));
        var headers = context.Request.GetTypedHeaders();
        var from = 0;
        if (headers.Range?.Ranges.FirstOrDefault()?.From is { } first && (headers.IfRange is null || tag.Compare(headers.IfRange.EntityTag, true)))
        {
            from = (int)first;
            context.Response.StatusCode = 206;
            context.Response.GetTypedHeaders().ContentRange = new(from, bytes.Length - 1, bytes.Length);
        }

        context.Response.GetTypedHeaders().ETag = tag;
        context.Response.Headers.AcceptRanges = "bytes";
        context.Response.ContentType = "application/octet-stream";
        context.Response.ContentLength = bytes.Length - from;
        for (var at = from; at < bytes.Length && !context.RequestAborted.IsCancellationRequested; at += Piece)
        {
            await context.Response.Body.WriteAsync(bytes.AsMemory(at, Math.Min(Piece, bytes.Length - at)), context.RequestAborted);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, context.RequestAborted);
        }
    }
}
