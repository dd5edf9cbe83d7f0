using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Sharing.Social;

namespace Sharing.AspNetCore;

/// <summary>What other servers of the fediverse read and write.</summary>
static class FederationEndpoints
{
    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/.well-known/webfinger", WebFingerAsync).ExcludeFromDescription();
        group.MapGet("/.well-known/nodeinfo", static (HttpContext context, IFederation federation) => FindAsync(context, federation, ".well-known/nodeinfo")).ExcludeFromDescription();
        group.MapGet("/ap/{**path}", static (HttpContext context, IFederation federation, string path) => FindAsync(context, federation, "ap/" + path)).ExcludeFromDescription();
        group.MapPost("/ap/inbox", ReceiveAsync).ExcludeFromDescription();
        group.MapPost("/ap/people/{name}/inbox", ReceiveAsync).ExcludeFromDescription();
    }

    /// <summary>A strong entity tag of a document: readers ask for a feed every few minutes, and mostly there is nothing new.</summary>
    public static EntityTagHeaderValue TagOf(ReadOnlyMemory<byte> document) => new($"\"{Convert.ToHexStringLower(SHA256.HashData(document.Span).AsSpan(0, 16))}\"");

    static async Task<IResult> WebFingerAsync(HttpContext context, IFederation federation, string? resource)
    {
        context.Response.Headers.AccessControlAllowOrigin = "*"; // RFC 7033, 5
        return resource is not { Length: > 0 and <= 1000 } ? Results.StatusCode(400) : Answer(context, await federation.WebFingerAsync(resource, context.RequestAborted));
    }

    static async Task<IResult> FindAsync(HttpContext context, IFederation federation, string path)
    {
        context.Response.Headers.Vary = "Accept";
        return Answer(context, await federation.FindAsync(path, context.RequestAborted));
    }

    static IResult Answer(HttpContext context, FederationDocument? document)
    {
        if (document is null)
        {
            return Results.StatusCode(404);
        }

        // People with a browser are shown the thing itself.
        if (document.Page is { } page && context.Request.Headers.Accept.ToString() is var accept && accept.Contains("text/html", StringComparison.OrdinalIgnoreCase) && !accept.Contains("json", StringComparison.OrdinalIgnoreCase))
        {
            return Results.Redirect(page.ToString());
        }

        context.Response.StatusCode = document.IsGone ? 410 : 200;
        return Results.Bytes(document.Json, document.MediaType);
    }

    static async Task<IResult> ReceiveAsync(HttpContext context, IFederation federation)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = InboxRequest.MostBytes;
        }

        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        for (int read; (read = await context.Request.Body.ReadAsync(buffer, context.RequestAborted)) > 0;)
        {
            body.Write(buffer, 0, read);
            if (body.Length > InboxRequest.MostBytes)
            {
                return Results.StatusCode(413);
            }
        }

        var headers = context.Request.Headers.ToDictionary(static header => header.Key, static header => string.Join(", ", header.Value.AsEnumerable()), StringComparer.OrdinalIgnoreCase);
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var outcome = await federation.ReceiveAsync(new(target, headers, body.ToArray()), context.RequestAborted);
        return outcome.Reason is { } reason ? Results.Text(reason, statusCode: outcome.Status) : Results.StatusCode(outcome.Status);
    }
}
