using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Net.Http.Headers;

namespace Sharing.Tour;

/// <summary>Somebody's web server: serves files with ranges and entity tags, as fast as it is told, and counts what it gave.</summary>
public sealed class Origin : IAsyncDisposable
{
    readonly WebApplication _app;
    readonly ConcurrentDictionary<string, Served> _files = new(StringComparer.Ordinal);

    Origin(WebApplication app) => _app = app;

    /// <summary>Where it is.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Its host and port.</summary>
    public string Authority => Address.Authority;

    /// <summary>Starts one on a free port.</summary>
    public static async Task<Origin> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var origin = new Origin(app);
        app.MapGet("/{name}", origin.ServeAsync);
        await app.StartAsync();
        origin.Address = new Uri(app.Urls.First() + "/");
        return origin;
    }

    /// <summary>Serves a file (again, with other bytes) under a name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="bytes">The bytes.</param>
    /// <param name="bytesPerSecond">For each reader.</param>
    /// <param name="fast">So many readers get that; those who come later a quarter of it.</param>
    public Uri Serve(string name, byte[] bytes, double bytesPerSecond = double.PositiveInfinity, int fast = int.MaxValue)
    {
        var served = _files.GetOrAdd(name, _ => new Served());
        served.Bytes = bytes;
        (served.Rate, served.Fast) = (bytesPerSecond, fast);
        served.Version++;
        return new Uri(Address, name);
    }

    /// <summary>How many bytes of a file it has given.</summary>
    public long Given(string name) => Interlocked.Read(ref _files[name].Given);

    /// <summary>How many requests for a file it has had.</summary>
    public int Requests(string name) => _files[name].Requests;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    async Task ServeAsync(HttpContext context, string name)
    {
        if (!_files.TryGetValue(name, out var file))
        {
            context.Response.StatusCode = 404;
            return;
        }

        var rate = Interlocked.Increment(ref file.Requests) > file.Fast ? file.Rate / 4 : file.Rate;
        var (bytes, version) = (file.Bytes, file.Version);
        var tag = $"\"v{version.ToString(CultureInfo.InvariantCulture)}\"";
        var from = 0L;
        var asked = context.Request.GetTypedHeaders();
        if (asked.Range?.Ranges.FirstOrDefault()?.From is { } first && (asked.IfRange is null || asked.IfRange.EntityTag?.Tag == tag))
        {
            from = first;
            context.Response.StatusCode = 206;
            context.Response.GetTypedHeaders().ContentRange = new ContentRangeHeaderValue(from, bytes.Length - 1, bytes.Length);
        }

        context.Response.Headers.ETag = tag;
        context.Response.Headers.AcceptRanges = "bytes";
        context.Response.ContentType = name.EndsWith(".gz", StringComparison.Ordinal) ? "application/gzip" : "application/octet-stream";
        context.Response.ContentLength = bytes.Length - from;
        var started = TimeProvider.System.GetTimestamp();
        for (var at = from; at < bytes.Length && version == file.Version; at += 64 * 1024)
        {
            var piece = bytes.AsMemory((int)at, (int)Math.Min(64 * 1024, bytes.Length - at));
            await context.Response.Body.WriteAsync(piece, context.RequestAborted);
            Interlocked.Add(ref file.Given, piece.Length);
            var early = ((at - from) / rate) - TimeProvider.System.GetElapsedTime(started).TotalSeconds;
            if (early > 0.005)
            {
                await Task.Delay(TimeSpan.FromSeconds(early), context.RequestAborted);
            }
        }

        if (version != file.Version)
        {
            context.Abort(); // the file was replaced in the middle
        }
    }

    sealed class Served
    {
        public volatile byte[] Bytes = [];
        public volatile int Version;
        public double Rate;
        public int Fast;
        public long Given;
        public int Requests;
    }
}
