using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Sharing.Tests.Fetching;

namespace Sharing.Tests.Hosting;

/// <summary>A web server with files: ranges, strong entity tags, and a count of downloads that began at the first byte.</summary>
sealed class Origin : IAsyncDisposable
{
    readonly ConcurrentDictionary<string, byte[]> _files = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, int> _downloads = new(StringComparer.Ordinal);
    LoopbackServer _server = null!;

    public static async Task<Origin> StartAsync()
    {
        var origin = new Origin();
        origin._server = await LoopbackServer.StartAsync(origin.AnswerAsync);
        return origin;
    }

    /// <summary>Called before each answer.</summary>
    public Func<HttpContext, Task> Before { get; set; } = _ => Task.CompletedTask;

    public Uri Serve(string name, byte[]? bytes)
    {
        if (bytes is not null)
        {
            _files["/" + name] = bytes;
        }

        return new Uri($"{_server.Address}/{name}");
    }

    public int DownloadsOf(Uri address) => _downloads.GetValueOrDefault(address.AbsolutePath);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    async Task AnswerAsync(HttpContext context)
    {
        await Before(context);
        if (!_files.TryGetValue(context.Request.Path.Value!, out var bytes))
        {
            context.Response.StatusCode = 404;
            return;
        }

        var range = context.Request.GetTypedHeaders().Range?.Ranges.FirstOrDefault();
        if (HttpMethods.IsGet(context.Request.Method) && (range is null || range.From is null or 0))
        {
            _downloads.AddOrUpdate(context.Request.Path.Value!, 1, (_, count) => count + 1);
        }

        var tag = new EntityTagHeaderValue($"\"{bytes.Length}-{(bytes.Length > 0 ? bytes[0] : 0)}\"");
        await Results.Bytes(bytes, "application/x-film", enableRangeProcessing: true, entityTag: tag).ExecuteAsync(context);
    }
}
