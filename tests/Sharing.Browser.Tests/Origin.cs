using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace Sharing.Browser.Tests;

/// <summary>A real origin on the loopback interface. A file sends its first half at once and, while it is held, the rest only when it is let go.</summary>
public sealed class Origin : IAsyncDisposable
{
    readonly ConcurrentDictionary<string, File> _files = new(StringComparer.Ordinal);
    readonly WebApplication _app;

    Origin(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.First() + "/");

    public static async Task<Origin> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var origin = new Origin(app);
        app.MapMethods("/{name}", ["GET", "HEAD"], (HttpContext context, string name) => origin.SendAsync(context, name));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return origin;
    }

    /// <summary>A new file of pseudorandom bytes.</summary>
    public File Add(string name, int length, bool held = false)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        var file = new File(bytes);
        if (!held)
        {
            file.LetGo();
        }

        return _files[name] = file;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var file in _files.Values)
        {
            file.LetGo();
        }

        await _app.DisposeAsync();
    }

    async Task SendAsync(HttpContext context, string name)
    {
        if (!_files.TryGetValue(name, out var file))
        {
            context.Response.StatusCode = 404;
            return;
        }

        context.Response.Headers.ETag = new EntityTagHeaderValue("\"1\"").ToString();
        context.Response.ContentLength = file.Bytes.Length;
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        file.Requests++;
        var half = file.Bytes.Length / 2;
        await context.Response.Body.WriteAsync(file.Bytes.AsMemory(0, half), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        await file.Gone.WaitAsync(context.RequestAborted);
        await context.Response.Body.WriteAsync(file.Bytes.AsMemory(half), context.RequestAborted);
    }

    public sealed class File(byte[] bytes)
    {
        readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public byte[] Bytes => bytes;

        public int Requests { get; set; }

        public Task Gone => _gone.Task;

        public void LetGo() => _gone.TrySetResult();
    }
}
