using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Sharing.Tests.Http;

/// <summary>One method of one route of a running host.</summary>
/// <param name="Name">The method (* where any is taken) and the pattern.</param>
/// <param name="Method">The method to ask with.</param>
/// <param name="Pattern">The pattern of its path.</param>
sealed record Route(string Name, string Method, string Pattern)
{
    static readonly Subject[] Posts =
        [Subject.Everyone, Subject.Followers, Subject.Friends, Subject.Named, Subject.Withdrawn, Subject.NotExisting, Subject.Malformed];

    static readonly Subject[] Shown =
    [
        .. Posts, Subject.EveryoneReshared, Subject.FollowersReshared, Subject.FriendsReshared, Subject.NamedReshared, Subject.WithdrawnReshared,
    ];

    static readonly Subject[] Listed =
    [
        Subject.Running, Subject.Finished, Subject.Paused, Subject.Failed, Subject.Cancelled, Subject.OnAnothersList, Subject.NotExisting, Subject.Malformed,
    ];

    /// <summary>Photos and folders.</summary>
    public static Subject[] Photos { get; } = [Subject.Private, Subject.Expired, Subject.Deleted, Subject.NotExisting, Subject.Malformed];

    /// <summary>Grants, each with the photo.</summary>
    public static Subject[] Grants { get; } = [Subject.Granted, Subject.Unfriended, Subject.Revoked, Subject.Expired, Subject.Deleted, Subject.NotExisting, Subject.Malformed];

    /// <summary>Whether asking changes what is asked for, so that each asks for one of his own.</summary>
    public bool Destroys => Method is "DELETE" or "PUT" || Pattern is "/me/withdraw" or "/photos/delete" or "/photos/folder" or "/photos/revoke" or "/photos/extend"
        || (Method == "POST" && Pattern.StartsWith("/v1/downloads/{id}/", StringComparison.Ordinal));

    /// <summary>What can be asked for here.</summary>
    public Subject[] Subjects => Pattern switch
    {
        "/me/withdraw" or "/me/retry" => Posts,
        "/me/connect" or "/me/disconnect" => [Subject.Existing, Subject.NotExisting],
        "/people/change" => [Subject.Existing, Subject.Malformed],
        "/v1/relationships" => [Subject.Self, Subject.Existing, Subject.Malformed],
        "/v1/relationships/between" => [Subject.Existing],
        "/v1/apps/matches" or "/v1/apps/{os}/{app}" or "/v1/apps/{os}/{app}/packages/{sha256}" or "/apps/packages/{os}/{app}/{sha256}" or "/apps/{app}" or "/apps/device" => [Subject.Existing, Subject.NotExisting],
        "/v1/apps/lists/of/{person}" or "/v1/apps/lists/of/{person}/pushes" or "/apps/of/{person}" => [Subject.Friends, Subject.NotExisting, Subject.Malformed], // the owner's list is for friends
        "/v1/downloads" when Method == "POST" => [Subject.Self, .. Posts.Except([Subject.Malformed])], // a plain address, and links
        _ when Pattern.StartsWith("/v1/downloads/{id}", StringComparison.Ordinal) => Listed,
        "/v1/shares/{id}" or "/v1/shares/{id}/deliveries" or "/s/{id}" or "/s/{id}/metalink" or "/s/{id}/torrent" => [Subject.Everyone, Subject.Followers, Subject.Friends, Subject.Withdrawn, Subject.NotExisting, Subject.Malformed],
        "/v1/swarms/{content}/{device}" or "/v1/swarms/{content}/advice" or "/p/{ticket}/content" or "/p/{ticket}/groups" or "/p/{ticket}/held"
            or "/p/{ticket}/content/{name}" or "/p/{ticket}/file" or "/p/{ticket}/file/{name}" => [Subject.Existing, Subject.NotExisting],
        "/photos/{id}" or "/photos/delete" or "/photos/folder" or "/v1/photos/{id}" or "/v1/photos/{id}/content" or "/v1/photo-folders/{id}" or "/v1/photo-folders/{id}/events" => Photos,
        "/v1/photo-grants/{id}" or "/v1/photo-grants/{id}/end" or "/v1/granted-photos/{id}" or "/v1/granted-photos/{id}/archive" or "/v1/granted-photos/{id}/{photo}"
            or "/photos/revoke" or "/photos/extend" => Grants,
        "/g/{id}" or "/g/{id}/all.zip" or "/g/{id}/{photo}" => [.. Grants.Except([Subject.Malformed])], // the door leads back to the address that was asked for, however long that is
        "/v1/inbox/{id}" or "/v1/inbox/{id}/content" or "/v1/messages/{id}" or "/inbox/{id}" or "/inbox/{id}/view" or "/inbox/{id}/file" or "/inbox/{id}/forward" => [Subject.Granted, Subject.Private, Subject.Expired, Subject.NotExisting, Subject.Malformed],
        "/v1/bearers/{bearer}" or "/v1/bearers/{bearer}/inbound" => [Subject.NotExisting],
        "/v1/catalog/{id}" or "/v1/catalog/{id}/requests" or "/v1/handlers/{id}" or "/catalog/request" => [Subject.Existing, Subject.NotExisting, Subject.Malformed],
        "/v1/uploads/{purpose}" => [Subject.Existing],
        "/v1/uploads/{purpose}/{id}" => [Subject.Held, Subject.HeldByAnother, Subject.NotExisting, Subject.Malformed],
        _ when Pattern.StartsWith("/v1/library/{id}", StringComparison.Ordinal) => [Subject.Held, Subject.HeldByAnother, Subject.NotExisting, Subject.Malformed],
        _ when Pattern.StartsWith("/v1/network/posts/{id}", StringComparison.Ordinal) || Pattern.StartsWith("/posts/{id}", StringComparison.Ordinal) => Shown,
        _ when Pattern.Contains("{id}", StringComparison.Ordinal) => Posts,
        _ when Pattern.Contains("{person}", StringComparison.Ordinal) => [Subject.Existing, Subject.Malformed],
        _ when Pattern.Contains("{network}", StringComparison.Ordinal) => [Subject.Existing, Subject.NotExisting],
        _ when Pattern.Contains("{name}", StringComparison.Ordinal) || Pattern.Contains("{documentName}", StringComparison.Ordinal) =>
            [Subject.Existing, Subject.NotExisting],
        _ => [Subject.Self],
    };

    /// <summary>All routes that a host has mapped.</summary>
    public static IReadOnlyList<Route> Of(IServiceProvider services)
    {
        var routes = (
           from endpoint in services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
           let pattern = "/" + endpoint.RoutePattern.RawText!.TrimStart('/')
           let methods = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods
           from route in methods is { Count: > 0 }
               ? methods.Select(method => new Route($"{method} {pattern}", method, pattern))
               : new[] { "GET", "POST", "PUT", "DELETE", "PATCH" }.Select(method => new Route($"* {pattern}", method, pattern))
           select route).ToList();
        return [.. routes.Where(route => route.Name[0] != '*' || !routes.Exists(other => other.Name == $"{route.Method} {route.Pattern}"))];
    }
}
