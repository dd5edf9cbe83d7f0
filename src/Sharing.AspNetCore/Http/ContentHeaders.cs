using Microsoft.AspNetCore.Http;

namespace Sharing.AspNetCore;

/// <summary>The headers under which other people's bytes go out: nothing is sniffed, run, framed by others or kept by a cache.</summary>
static class ContentHeaders
{
    /// <summary>Opened in whatever way, they run nothing, ask nobody for anything, and are of no origin; what is in them is shown.</summary>
    const string Policy = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; media-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'";

    public static void Set(HttpContext context, bool isFile)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = Policy;
        headers.CacheControl = "private, no-store";
        if (isFile)
        {
            headers["Cross-Origin-Resource-Policy"] = "same-origin";
        }
    }
}
