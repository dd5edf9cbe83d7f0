using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Sharing.Social;
using Sharing.Testing;

namespace Sharing.Trials;

/// <summary>Somebody's webhook, written as the standard says: it takes what is signed and new, and what it has taken it takes once.</summary>
sealed class WebhookReceiver(TimeProvider time) : IAsyncDisposable
{
    public const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    readonly ConcurrentDictionary<string, byte> _ids = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, (int Revision, ShownPost? Shown)> _posts = new(StringComparer.Ordinal);
    LoopbackServer _server = null!;

    public Uri Address => new(_server.Address + "/hook");

    /// <summary>Bodies with their headers, as they came.</summary>
    public ConcurrentQueue<(string Body, IHeaderDictionary Headers)> Events { get; } = new();

    public IReadOnlyList<ShownPost> Shown => [.. _posts.Values.Where(static one => one.Shown is not null).Select(static one => one.Shown!)];

    public static async Task<WebhookReceiver> StartAsync(TimeProvider time)
    {
        var receiver = new WebhookReceiver(time);
        receiver._server = await LoopbackServer.StartAsync(receiver.AnswerAsync);
        return receiver;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    async Task AnswerAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var (headers, id) = (context.Request.Headers, context.Request.Headers[WebhookSignature.IdHeader].ToString());
        if (!WebhookSignature.Verify(Secret, id, headers[WebhookSignature.TimeHeader], headers[WebhookSignature.SignatureHeader], body.ToArray(), time.GetUtcNow()))
        {
            context.Response.StatusCode = 401;
            return;
        }

        Events.Enqueue((System.Text.Encoding.UTF8.GetString(body.ToArray()), new HeaderDictionary(headers.ToDictionary(static h => h.Key, static h => h.Value))));
        if (_ids.TryAdd(id, 0))
        {
            using var json = JsonDocument.Parse(body.ToArray());
            var data = json.RootElement.GetProperty("data");
            var isGone = json.RootElement.GetProperty("type").GetString()!.EndsWith("withdrawn", StringComparison.Ordinal);
            var shown = isGone ? null : new ShownPost(data.GetProperty("text").GetString()!, new Uri(data.GetProperty("link").GetString()!));
            var revision = data.GetProperty("revision").GetInt32();
            _posts.AddOrUpdate(json.RootElement.GetProperty("subject").GetString()!, (revision, shown), (_, now) => revision > now.Revision ? (revision, shown) : now);
        }

        context.Response.StatusCode = 204;
    }
}
