using System.Buffers;
using System.Net.ServerSentEvents;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Sharing.AspNetCore;

/// <summary>Values as server-sent events: <c>event: state</c> for each, but for the one that a client has that comes again (<c>Last-Event-ID</c>),
/// <c>event: ping</c> in the pauses so that both ends see that the other is
/// there, <c>event: end</c> at the end. Without that, the host stopped or the connection broke: the client comes again.</summary>
sealed class EventStreamResult<T>(IAsyncEnumerable<T> values, JsonTypeInfo<T> type) : IResult
    where T : class
{
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = "text/event-stream";
        httpContext.Response.Headers.CacheControl = "no-store";
        httpContext.Response.Headers["X-Accel-Buffering"] = "no";
        httpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        var time = httpContext.RequestServices.GetRequiredService<TimeProvider>();
        var stopping = httpContext.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, stopping);
        try
        {
            await httpContext.Response.Body.FlushAsync(over.Token); // whoever asked learns at once that he is heard, however long nothing happens
            await SseFormatter.WriteAsync(EventsAsync(time, httpContext.Request.Headers["Last-Event-ID"], over.Token), httpContext.Response.Body, Write, httpContext.RequestAborted);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // Nobody listens any more, or nobody shall.
        }
    }

    void Write(SseItem<T?> item, IBufferWriter<byte> writer)
    {
        if (item.Data is { } value)
        {
            using var json = new Utf8JsonWriter(writer);
            JsonSerializer.Serialize(json, value, type);
        }
    }

    /// <summary>Names a state by its content.</summary>
    string IdOf(T value) => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(value, type)).AsSpan(0, 8));

    async IAsyncEnumerable<SseItem<T?>> EventsAsync(
        TimeProvider time, string? lastSeen, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var all = values.GetAsyncEnumerator(cancellationToken);
        var next = all.MoveNextAsync().AsTask();
        while (true)
        {
            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(next, Task.Delay(Pause, time, waiting.Token));
            await waiting.CancelAsync();
            if (!next.IsCompleted && !cancellationToken.IsCancellationRequested)
            {
                yield return new SseItem<T?>(null, "ping");
                continue;
            }

            if (!await next)
            {
                yield return new SseItem<T?>(null, "end");
                yield break;
            }

            var id = IdOf(all.Current);
            if (id != lastSeen)
            {
                yield return new SseItem<T?>(all.Current, "state") { EventId = id };
            }

            lastSeen = null; // only of what the client had before it came again
            next = all.MoveNextAsync().AsTask();
        }
    }
}
