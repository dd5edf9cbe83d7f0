using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sharing.AspNetCore;
using Sharing.Social;

namespace Sharing;

/// <summary>Puts on HTTP what others read of the host's people.</summary>
public static class SharingFederationExtensions
{
    /// <summary>Maps what other servers read and write: <c>/.well-known/webfinger</c>, <c>/.well-known/nodeinfo</c> and <c>/ap</c>. At the root, since the fediverse looks nowhere else, and open to
    /// everybody: what is sent is signed, and taken from whom it says it is alone.</summary>
    /// <param name="endpoints">The application.</param>
    public static RouteGroupBuilder MapSharingFederation(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("");
        FederationEndpoints.Map(group);
        return group;
    }

    /// <summary>Maps people's feeds: <c>feeds/ID.atom</c>, open to everybody who knows an address.</summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="prefix">A path before them; it belongs into the feeds' public address, too.</param>
    public static RouteGroupBuilder MapSharingFeeds(this IEndpointRouteBuilder endpoints, string prefix = "")
    {
        var group = endpoints.MapGroup(prefix);
        group.MapGet("/feeds/{id}.atom", static async (HttpContext context, IFeeds feeds, string id) =>
            await feeds.FindAsync(id, context.RequestAborted) is { } feed ? Results.Bytes(feed, "application/atom+xml; charset=utf-8", entityTag: FederationEndpoints.TagOf(feed)) : Results.StatusCode(404)).ExcludeFromDescription();
        return group;
    }
}
