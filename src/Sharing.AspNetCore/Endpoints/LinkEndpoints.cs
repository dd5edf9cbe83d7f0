using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Sharing.Core;
using Sharing.P2P;

namespace Sharing.AspNetCore;

/// <summary>A share's link on the shared-data server, and what clients of other makers read of it. Who may not see the share is answered like everywhere; then a ticket in the path opens the bytes.</summary>
static class LinkEndpoints
{
    const string RetryAfter = "2";

    public static void Map(RouteGroupBuilder group)
    {
        group.MapMethods("/s/{id}", ["GET", "HEAD"], FollowAsync).Describe("followShare", "A share's link: leads to its bytes, or gives its Metalink to who accepts one").Names<ShareId>().OpenToEveryone()
            .Produces(302).WithMetadata(new FollowedByPeople()).AllowCookieRedirect();
        group.MapMethods("/s/{id}/metalink", ["GET", "HEAD"], MetalinkAsync).Describe("getShareMetalink", "A share as Metalink 4").Names<ShareId>().OpenToEveryone().GivesBytes();
        group.MapMethods("/s/{id}/torrent", ["GET", "HEAD"], TorrentAsync).Describe("getShareTorrent", "A share as a torrent with web seeds").Names<ShareId>().OpenToEveryone().GivesBytes();
        group.MapMethods("/p/{ticket}/file", ["GET", "HEAD"], FileAsync).Describe("getSharedFile", "A share's bytes, under its name").OpenToEveryone().GivesBytes();
        group.MapMethods("/p/{ticket}/file/{name}", ["GET", "HEAD"], FileAsync).ExcludeFromDescription(); // BitTorrent clients put the name behind
    }

    static async Task<IResult> FollowAsync(HttpContext context, IShares shares, ShareExports exports, ExportHashes hashes)
    {
        if (await OpenAsync(context, shares) is not { } manifest)
        {
            return context.Missing();
        }

        var (server, headers) = (ServerOf(context), context.Response.Headers);
        headers.Vary = HeaderNames.Accept;
        if (context.Request.GetTypedHeaders().Accept.Any(static type => type.MediaType.Equals(MetalinkFile.MediaType, StringComparison.OrdinalIgnoreCase))
            && await exports.MetalinkAsync(manifest, server, context.RequestAborted) is { } metalink)
        {
            return new ExportResult(metalink, MetalinkFile.MediaType, ShareExports.NameOf(manifest) + ".meta4");
        }

        foreach (var mirror in await exports.MirrorsAsync(manifest, server, context.RequestAborted))
        {
            headers.Append(HeaderNames.Link, $"<{mirror.Address}>; rel=duplicate; pri={mirror.Priority}");
        }

        if (await hashes.FindSha256Async(manifest.Content, context.RequestAborted) is { } sha256)
        {
            headers["Digest"] = $"SHA-256={Convert.ToBase64String(sha256.Span)}"; // RFC 3230; nobody asks for the newer Repr-Digest
        }

        return Results.Redirect(ShareExports.AddressOf(manifest, server).PathAndQuery);
    }

    static async Task<IResult> MetalinkAsync(HttpContext context, IShares shares, ShareExports exports) =>
        await OpenAsync(context, shares) is not { } manifest ? context.Missing()
        : await exports.MetalinkAsync(manifest, ServerOf(context), context.RequestAborted) is { } file ? new ExportResult(file, MetalinkFile.MediaType, ShareExports.NameOf(manifest) + ".meta4")
        : Later(context);

    static async Task<IResult> TorrentAsync(HttpContext context, IShares shares, ShareExports exports, string? version, string? terminals)
    {
        var wanted = version switch
        {
            null or "1" => TorrentVersion.One,
            "2" => TorrentVersion.Two,
            "hybrid" => TorrentVersion.Hybrid,
            _ => throw new SharingException(ProblemCodes.InvalidInput, "The version is '1', '2' or 'hybrid'."),
        };
        var named = RequestExtensions.Flag(terminals);
        return await OpenAsync(context, shares) is not { } manifest ? context.Missing()
            : await exports.TorrentAsync(manifest, wanted, ServerOf(context), named, context.RequestAborted) is { } file
                ? new ExportResult(file, TorrentFile.MediaType, ShareExports.NameOf(manifest) + ".torrent")
            : Later(context);
    }

    static Task<IResult> FileAsync(HttpContext context, PeerDoor door, RecordShares shares) =>
        PeerEndpoints.BytesAsync(context, door, async ticket => await shares.NameAsync(ticket, context.RequestAborted) ?? ("file", null));

    static Task<ShareManifest?> OpenAsync(HttpContext context, IShares shares) => shares.OpenAsync(context.Caller(), context.Id<ShareId>(), null, context.RequestAborted);

    /// <summary>The address that the client knows this server by, up to where our paths begin.</summary>
    static Uri ServerOf(HttpContext context)
    {
        var path = context.Request.PathBase.Add(context.Request.Path).Value!;
        var host = context.Request.Host is { HasValue: true } named ? named : new($"{context.Connection.LocalIpAddress}", context.Connection.LocalPort); // HTTP/1.0 need not say
        return new UriBuilder(context.Request.Scheme, host.Host, host.Port ?? -1, path[..(path.LastIndexOf("/s/", StringComparison.Ordinal) + 1)]).Uri;
    }

    static IResult Later(HttpContext context)
    {
        context.Response.Headers.RetryAfter = RetryAfter;
        return Problems.Result(ProblemCodes.Busy);
    }

    /// <summary>A file that was made for the caller alone.</summary>
    sealed class ExportResult(ReadOnlyMemory<byte> file, string mediaType, string name) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            ContentHeaders.Set(httpContext, isFile: true);
            var disposition = new ContentDispositionHeaderValue("attachment");
            disposition.SetHttpFileName(name);
            (response.ContentType, response.ContentLength, response.Headers.ContentDisposition) = (mediaType, file.Length, disposition.ToString());
            if (!HttpMethods.IsHead(httpContext.Request.Method))
            {
                await response.Body.WriteAsync(file, httpContext.RequestAborted);
            }
        }
    }
}
