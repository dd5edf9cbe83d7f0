using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Sharing.Social;
using Sharing.Tests.Fetching;

namespace Sharing.Tests.Social;

/// <summary>Another server of the fediverse that does what a test wants, honest or not: Mallory and Eve are there, each with a key.</summary>
sealed class RemoteServer : IAsyncDisposable
{
    readonly ConcurrentDictionary<string, RSA> _keys = new(StringComparer.Ordinal);
    readonly HttpClient _http = new();
    LoopbackServer _server = null!;

    public string Address => _server.Address;

    /// <summary>What it answers to a delivery.</summary>
    public Func<HttpContext, string, int> Inbox { get; set; } = static (_, _) => 202;

    /// <summary>Changes a person's document before it is given.</summary>
    public Action<JsonObject> Document { get; set; } = static _ => { };

    public ConcurrentQueue<(IHeaderDictionary Headers, string Body)> Delivered { get; } = new();

    public int Asked => _server.Requests.Count(static request => request.Method == "GET");

    public static async Task<RemoteServer> StartAsync()
    {
        var server = new RemoteServer();
        server._server = await LoopbackServer.StartAsync(server.AnswerAsync);
        return server;
    }

    public string IdOf(string name) => $"{Address}/users/{name}";

    public RSA KeyOf(string name) => _keys.GetOrAdd(name, static _ => RSA.Create(2048));

    public JsonObject Like(string note, string name = "mallory", string id = "like1") => new()
    {
        ["@context"] = "https://www.w3.org/ns/activitystreams", ["id"] = $"{Address}/{id}", ["type"] = "Like", ["actor"] = IdOf(name), ["object"] = note,
    };

    /// <summary>Sends an activity, signed as it should be, unless it is changed on its way.</summary>
    public async Task<HttpStatusCode> SendAsync(
        FediverseHost host, JsonObject activity, string name = "mallory", Action<HttpRequestMessage>? change = null, bool byRfc = false, DateTimeOffset? at = null, string? body = null, string? keyId = null, string path = "ap/inbox")
    {
        var bytes = Encoding.UTF8.GetBytes(activity.ToJsonString());
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(host.Address, path)) { Content = new ByteArrayContent(body is null ? bytes : Encoding.UTF8.GetBytes(body)) };
        request.Content.Headers.ContentType = new("application/activity+json");
        var (key, now) = (keyId ?? IdOf(name) + "#main-key", at ?? TimeProvider.System.GetUtcNow());
        if (byRfc)
        {
            HttpSignatures.SignByRfc(request, bytes, key, KeyOf(name), now);
        }
        else
        {
            HttpSignatures.SignByDraft(request, host.Address.Authority, bytes, key, KeyOf(name), now);
        }

        change?.Invoke(request);
        using var answer = await _http.SendAsync(request);
        return answer.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _http.Dispose();
    }

    async Task AnswerAsync(HttpContext context)
    {
        if (HttpMethods.IsPost(context.Request.Method))
        {
            using var reader = new StreamReader(context.Request.Body);
            var body = await reader.ReadToEndAsync();
            context.Response.StatusCode = Inbox(context, body);
            Delivered.Enqueue((new HeaderDictionary(context.Request.Headers.ToDictionary(static one => one.Key, static one => one.Value, StringComparer.OrdinalIgnoreCase)), body));
            return;
        }

        var name = context.Request.Path.Value!.Split('/')[^1];
        var document = new JsonObject
        {
            ["id"] = IdOf(name), ["type"] = "Person", ["preferredUsername"] = name, ["inbox"] = IdOf(name) + "/inbox",
            ["publicKey"] = new JsonObject { ["id"] = IdOf(name) + "#main-key", ["owner"] = IdOf(name), ["publicKeyPem"] = KeyOf(name).ExportSubjectPublicKeyInfoPem() },
        };
        Document(document);
        context.Response.ContentType = "application/activity+json";
        await context.Response.WriteAsync(document.ToJsonString());
    }
}
