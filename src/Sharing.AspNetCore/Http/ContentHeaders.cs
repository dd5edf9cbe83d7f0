using Microsoft.AspNetCore.Http;

namespace Sharing.AspNetCore;

/// <summary>The headers under which other people's bytes go out: nothing is sniffed, run, framed or kept by a cache.</summary>
static class ContentHeaders
{
    public static void Set(HttpContext context, bool isFile)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        headers.CacheControl = "private, no-store";
        if (isFile)
        {
            headers["Cross-Origin-Resource-Policy"] = "same-origin";
        }
    }
}
