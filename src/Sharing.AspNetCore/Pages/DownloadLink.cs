using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Sharing.Offline;

namespace Sharing.AspNetCore;

/// <summary>Where a post's link leads, seen from a page: to this host, which can tell how far the library is, or to another.</summary>
/// <param name="Address">What the button leads to.</param>
/// <param name="Post">The download server's id of the post, where that server is this host.</param>
/// <param name="Events">Where a script on the page can follow the library's state; <c>null</c> where the page may not ask.</param>
sealed record DownloadLink(string Address, PostId? Post, string? Events)
{
    public static DownloadLink Of(HttpContext context, Uri link)
    {
        if (context.RequestServices.GetService<IPosts>() is null || context.RequestServices.GetService<IShareLinks>()?.Read(link) is not { } post)
        {
            return new(link.AbsoluteUri, null, null);
        }

        var server = context.RequestServices.GetRequiredService<IOptions<OfflineOptions>>().Value.PublicAddress;
        link = new Uri(server, $"d/{post}");

        // A script may ask its own host only; under another name of this host it is the plain link.
        return string.Equals(link.Authority, context.Request.Host.Value, StringComparison.OrdinalIgnoreCase)
            ? new(link.PathAndQuery, post, new Uri(server, $"v1/posts/{post}/events").PathAndQuery)
            : new(link.AbsoluteUri, post, null);
    }
}
