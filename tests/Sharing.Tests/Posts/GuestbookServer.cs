using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Sharing.Testing;
using Sharing.Tests.Fetching;

namespace Sharing.Tests.Posts;

/// <summary>The guestbook itself: entries by key, each with the revision it has; "secret" is the token that it takes.</summary>
sealed class GuestbookServer : IAsyncDisposable
{
    readonly ConcurrentDictionary<string, (int Revision, ShownPost? Shown)> _entries = new(StringComparer.Ordinal);
    LoopbackServer _server = null!;

    public static async Task<GuestbookServer> StartAsync()
    {
        var guestbook = new GuestbookServer();
        guestbook._server = await LoopbackServer.StartAsync(guestbook.AnswerAsync);
        return guestbook;
    }

    public Uri Address => new(_server.Address + "/");

    public IReadOnlyList<ShownPost> Shown => [.. _entries.Values.Where(entry => entry.Shown is not null).Select(entry => entry.Shown!)];

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    async Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        if (request.Headers.Authorization != "Bearer secret")
        {
            context.Response.StatusCode = 401;
            return;
        }

        ShownPost? shown = null;
        if (HttpMethods.IsPut(request.Method))
        {
            using var body = await JsonDocument.ParseAsync(request.Body);
            shown = new(body.RootElement.GetProperty("text").GetString()!, new Uri(body.RootElement.GetProperty("link").GetString()!));
        }

        var revision = int.Parse(request.Query["revision"]!, CultureInfo.InvariantCulture);
        _entries.AddOrUpdate(request.Path.Value!, (revision, shown), (_, now) => revision > now.Revision ? (revision, shown) : now);
        context.Response.StatusCode = 204;
    }
}
