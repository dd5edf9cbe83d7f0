using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sharing.Core;
using Sharing.P2P;

namespace Sharing.Tests.P2P;

/// <summary>The ways in which a terminal may lie.</summary>
public enum Lie
{
    /// <summary>Every byte is another.</summary>
    WrongBytes,

    /// <summary>The bytes of another place.</summary>
    OtherPlace,

    /// <summary>Fewer bytes than it says.</summary>
    TooShort,

    /// <summary>Bytes without end.</summary>
    Endless,

    /// <summary>Another range than was asked for.</summary>
    OtherRange,

    /// <summary>Nothing, after it said that it has all.</summary>
    Nothing,

    /// <summary>It takes the question and is silent.</summary>
    Silent,

    /// <summary>It leads elsewhere.</summary>
    Redirect,

    /// <summary>A thousand times a thousand times that it has something.</summary>
    Flood,
}

/// <summary>A terminal with a certificate and a valid ticket, that lies.</summary>
sealed class LyingPeer : IAsyncDisposable
{
    readonly WebApplication _app;
    readonly CancellationTokenSource _end;
    long _sent;

    LyingPeer(WebApplication app, CancellationTokenSource end) => (_app, _end) = (app, end);

    /// <summary>Bytes of answers to questions for content that went out.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    public DeviceIdentity Identity => _app.Services.GetRequiredService<DeviceIdentity>();

    public static async Task<LyingPeer> StartAsync(Lie lie, byte[] bytes, int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSharing(static sharing => sharing.AddP2P());
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.ListenForTerminals(new(IPAddress.Loopback, port)));
        var end = new CancellationTokenSource();
        var peer = new LyingPeer(builder.Build(), end);
        peer._app.MapGet("/p/{ticket}/held", context => HeldAsync(context, lie, bytes.Length, end.Token));
        peer._app.MapGet("/p/{ticket}/groups", static context => { context.Response.StatusCode = 404; return Task.CompletedTask; });
        peer._app.MapGet("/p/{ticket}/content", context => peer.ContentAsync(context, lie, bytes, end.Token));
        await peer._app.StartAsync();
        return peer;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        using var now = new CancellationTokenSource(TimeSpan.FromMilliseconds(1));
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
        _end.Dispose();
    }

    static async Task HeldAsync(HttpContext context, Lie lie, int length, CancellationToken end)
    {
        context.Response.ContentType = "text/event-stream";
        await context.Response.WriteAsync($"event: state\ndata: {{\"runs\":\"0+{length}\"}}\n\n", end);
        await context.Response.Body.FlushAsync(end);
        for (var i = 0; lie == Lie.Flood && i < 1_000_000; i++)
        {
            await context.Response.WriteAsync($"event: state\ndata: {{\"runs\":\"{i % length}+{length}\"}}\n\n", end);
        }

        await Task.Delay(Timeout.Infinite, end);
    }

    async Task ContentAsync(HttpContext context, Lie lie, byte[] bytes, CancellationToken end)
    {
        var range = context.Request.GetTypedHeaders().Range!.Ranges.Single();
        var (from, to) = ((int)range.From!.Value, (int)range.To!.Value);
        var part = bytes.AsSpan(from, to - from + 1).ToArray();
        switch (lie)
        {
            case Lie.WrongBytes or Lie.Flood:
                part = Array.ConvertAll(part, static b => (byte)~b);
                break;
            case Lie.OtherPlace:
                part = bytes.AsSpan((from + (bytes.Length / 2)) % (bytes.Length - part.Length), part.Length).ToArray();
                break;
            case Lie.Nothing:
                context.Response.StatusCode = 404;
                return;
            case Lie.Silent:
                await Task.Delay(Timeout.Infinite, end);
                return;
            case Lie.Redirect:
                context.Response.Redirect("http://127.0.0.1:1/");
                return;
        }

        context.Response.StatusCode = 206;
        context.Response.Headers.ContentRange = lie == Lie.OtherRange ? $"bytes {from + 1}-{to + 1}/{bytes.Length}" : $"bytes {from}-{to}/{bytes.Length}";
        context.Response.ContentLength = lie == Lie.Endless ? null : part.Length;
        if (lie == Lie.TooShort)
        {
            part = part[..(part.Length / 2)];
        }

        do
        {
            await context.Response.Body.WriteAsync(part, end);
            Interlocked.Add(ref _sent, part.Length);
        }
        while (lie == Lie.Endless && !context.RequestAborted.IsCancellationRequested);
        if (lie == Lie.TooShort)
        {
            await context.Response.Body.FlushAsync(end);
            context.Abort();
        }
    }
}
