using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Sharing.AspNetCore;

/// <summary>The files that pages use. They are in the assembly; their addresses carry their hashes, so that browsers may keep them for good.</summary>
sealed class PageAssets
{
    public const string Folder = "/_sharing";

    readonly Dictionary<string, Asset> _assets = new(StringComparer.Ordinal)
    {
        ["sharing.css"] = Load("sharing.css", "text/css; charset=utf-8"),
        ["sharing.js"] = Load("sharing.js", "text/javascript; charset=utf-8"),
        ["transfers.js"] = Load("transfers.js", "text/javascript; charset=utf-8"),
        ["uploads.js"] = Load("uploads.js", "text/javascript; charset=utf-8"),
        ["thumbs.js"] = Load("thumbs.js", "text/javascript; charset=utf-8"),
        ["inbox.js"] = Load("inbox.js", "text/javascript; charset=utf-8"),
        ["photos.js"] = Load("photos.js", "text/javascript; charset=utf-8"),
        ["glyphs.svg"] = Load("glyphs.svg", "image/svg+xml"),
        ["icon.svg"] = Load("icon.svg", "image/svg+xml"),
    };

    public string Address(HttpContext context, string name) =>
        PagesSite.Page(context, $"{Folder}/{name}?v={_assets[name].Hash}");

    /// <summary>A glyph of the sprite; decoration, so hidden from those who listen.</summary>
    public Html Glyph(HttpContext context, string name) =>
        $"""<svg class="glyph" aria-hidden="true" focusable="false"><use href="{Address(context, "glyphs.svg")}#{name}"></use></svg>""";

    public static void Map(RouteGroupBuilder group) =>
        group.MapGet(Folder + "/{name}", Get).AllowAnonymous().ExcludeFromDescription();

    static IResult Get(HttpContext context, PageAssets assets, string name)
    {
        context.Response.Headers.XContentTypeOptions = "nosniff";
        if (!assets._assets.TryGetValue(name, out var asset))
        {
            return Results.NotFound();
        }

        context.Response.Headers.CacheControl = context.Request.Query["v"] == asset.Hash ? "public, max-age=31536000, immutable" : "no-cache";
        return Results.Bytes(asset.Bytes, asset.MediaType, entityTag: new EntityTagHeaderValue($"\"{asset.Hash}\""));
    }

    static Asset Load(string name, string mediaType)
    {
        using var resource = typeof(PageAssets).Assembly.GetManifestResourceStream("pages/" + name)
            ?? throw new InvalidOperationException($"The file '{name}' is not in the assembly.");
        var bytes = new byte[resource.Length];
        resource.ReadExactly(bytes);
        return new(bytes, mediaType, Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]);
    }

    sealed record Asset(byte[] Bytes, string MediaType, string Hash);
}
