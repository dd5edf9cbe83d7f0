using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Sharing.Tests.Fetching;

namespace Sharing.Tests.Downloads;

/// <summary>An origin of one resource that stops halfway until it is told to go on, and keeps the ranges it was asked for.</summary>
sealed class HalfwayOrigin : IAsyncDisposable
{
    readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    LoopbackServer _server = null!;

    public byte[] Bytes { get; } = new byte[4 * 1024 * 1024];

    public ConcurrentQueue<long> Offsets { get; } = [];

    /// <summary>The name that the origin itself says, if any.</summary>
    public string? SaysName { get; set; }

    public Uri Address(string path = "film.webm") => new($"{_server.Address}/{path}");

    public static async Task<HalfwayOrigin> StartAsync(bool stops = true)
    {
        var origin = new HalfwayOrigin();
        new Random(7).NextBytes(origin.Bytes);
        origin._server = await LoopbackServer.StartAsync(origin.AnswerAsync);
        if (!stops)
        {
            origin.GoOn();
        }

        return origin;
    }

    public void GoOn() => _goOn.TrySetResult();

    public ValueTask DisposeAsync()
    {
        GoOn();
        return _server.DisposeAsync();
    }

    async Task AnswerAsync(HttpContext context)
    {
        var from = context.Request.GetTypedHeaders().Range?.Ranges.Single().From ?? 0;
        Offsets.Enqueue(from);
        context.Response.StatusCode = 206;
        context.Response.ContentType = "video/webm";
        context.Response.ContentLength = Bytes.Length - from;
        context.Response.GetTypedHeaders().ETag = new EntityTagHeaderValue("\"one\"");
        context.Response.GetTypedHeaders().ContentRange = new ContentRangeHeaderValue(from, Bytes.Length - 1, Bytes.Length);
        if (SaysName is { } name)
        {
            context.Response.GetTypedHeaders().ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileName = name };
        }

        var half = Bytes.Length / 2;
        const int piece = 128 * 1024;
        for (; from < half; from = Math.Min(half, from + piece))
        {
            // In pieces, since progress is told as bytes come, and not too often.
            await context.Response.Body.WriteAsync(Bytes.AsMemory((int)from, (int)Math.Min(piece, half - from)), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            if (!_goOn.Task.IsCompleted)
            {
                await Task.Delay(30, context.RequestAborted);
            }
        }

        await _goOn.Task.WaitAsync(context.RequestAborted);
        await context.Response.Body.WriteAsync(Bytes.AsMemory((int)from), context.RequestAborted);
    }
}
