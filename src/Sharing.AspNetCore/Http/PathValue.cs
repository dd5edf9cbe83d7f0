using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Sharing.AspNetCore;

/// <summary>A part of the path as the caller meant it. The web server decodes a path but for <c>%2F</c>, so that <c>a%2Fb</c> in a decoded path may have been
/// sent for <c>a/b</c> or, as <c>a%252Fb</c>, for itself: only what was sent can tell.</summary>
static class PathValue
{
    public static string? Of(HttpContext context, string name)
    {
        var value = (string?)context.Request.RouteValues[name];
        if (value?.Contains("%2F", StringComparison.OrdinalIgnoreCase) != true
            || context.Features.Get<IHttpRequestFeature>()?.RawTarget is not { } target)
        {
            return value;
        }

        var sent = target.Split('?')[0].Split('/').FirstOrDefault(part => Decoded(part) == value);
        return sent is null ? value : Uri.UnescapeDataString(sent);
    }

    /// <summary>A part as the web server decodes it.</summary>
    static string Decoded(string part) => string.Join(
        "%2F", part.Split("%2F").Select(upper => string.Join("%2f", upper.Split("%2f").Select(Uri.UnescapeDataString))));
}
