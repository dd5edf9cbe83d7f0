using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sharing.Offline;

namespace Sharing.AspNetCore;

/// <summary>Posts, their links and their bytes: the download server's endpoints.</summary>
static class PostEndpoints
{
    public static void Map(RouteGroupBuilder group)
    {
        group.MapPost("/v1/posts", ShareAsync).Describe("sharePost", "Shares a resource").Takes<ShareRequest>().Gives<SharedPost>(201).Repeatable();
        group.MapGet("/v1/posts", ListAsync).Describe("listPosts", "The caller's own posts, newest first").Gives<PostPage>();
        group.MapGet("/v1/posts/{id}", FindAsync).Describe("getPost", "A post that the caller may see").Names<PostId>().OpenToEveryone().Gives<SharedPost>();
        group.MapPut("/v1/posts/{id}/resource", UpdateAsync)
            .Describe("updateResource", "Tells more of a post's resource").Names<PostId>().Takes<Resource>().Gives<SharedPost>();
        group.MapDelete("/v1/posts/{id}", WithdrawAsync).Describe("withdrawPost", "Takes a post back").Names<PostId>().Produces(204);
        group.MapPost("/v1/posts/{id}/networks/{network}/retry", RetryAsync)
            .Describe("retryPost", "Tries again at a network that waits for its owner").Names<PostId>().Produces(204);
        group.MapGet("/v1/posts/{id}/responses", ResponsesAsync).Describe("listResponses", "What people at the networks made of a post of the caller's").Names<PostId>().Gives<NetworkResponses[]>();
        group.MapGet("/v1/posts/{id}/events", WatchAsync)
            .Describe("watchPost", "How far the offline library is, as server-sent events").Names<PostId>().OpenToEveryone().Gives<PostContentState>(200, "text/event-stream");
        group.MapMethods("/v1/posts/{id}/content", ["GET", "HEAD"], ContentAsync).Describe("getPostContent", "The bytes behind a post").Names<PostId>().OpenToEveryone().GivesBytes();
        group.MapMethods("/v1/posts/{id}/groups", ["GET", "HEAD"], GroupsAsync).Describe("getPostGroups", "The group hashes that prove them").Names<PostId>().OpenToEveryone().GivesBytes();
        group.MapMethods("/d/{id}", ["GET", "HEAD"], ContentAsync).Describe("followLink", "The address in a post: starts the download").Names<PostId>().OpenToEveryone().GivesBytes()
            .WithMetadata(new FollowedByPeople()).AllowCookieRedirect();
    }

    static async Task<IResult> ShareAsync(HttpContext context, IPosts posts)
    {
        var actor = context.SignedIn();
        var request = await context.BodyAsync(WireJson.Default.ShareRequest);
        var post = await posts.ShareAsync(actor, request with { Key = context.Key() }, context.RequestAborted);
        return post.Answer(WireJson.Default.SharedPost, 201);
    }

    static async Task<IResult> ListAsync(HttpContext context, IPosts posts, string? cursor, string? count) =>
        (await posts.ListAsync(context.SignedIn(), cursor, RequestExtensions.Count(count), context.RequestAborted)).Answer(WireJson.Default.PostPage);

    static async Task<IResult> FindAsync(HttpContext context, IPosts posts) => context.AnswerOrMissing(
        await posts.FindAsync(context.Caller(), context.Id<PostId>(), context.RequestAborted), WireJson.Default.SharedPost);

    static async Task<IResult> UpdateAsync(HttpContext context, IPosts posts)
    {
        var actor = context.SignedIn();
        var id = context.Id<PostId>();
        var resource = await context.BodyAsync(WireJson.Default.Resource);
        return context.AnswerOrMissing(await posts.UpdateAsync(actor, id, resource, context.RequestAborted), WireJson.Default.SharedPost);
    }

    static async Task<IResult> WithdrawAsync(HttpContext context, IPosts posts) =>
        await posts.WithdrawAsync(context.SignedIn(), context.Id<PostId>(), context.RequestAborted) ? Results.NoContent() : context.Missing();

    static async Task<IResult> RetryAsync(HttpContext context, Outbox outbox, string network) =>
        await outbox.RetryAsync(context.SignedIn(), context.Id<PostId>(), network, context.RequestAborted) ? Results.NoContent() : context.Missing();

    static async Task<IResult> ResponsesAsync(HttpContext context, IResponses responses) => context.AnswerOrMissing(
        (await responses.ListAsync(context.SignedIn(), context.Id<PostId>(), context.RequestAborted))?.ToArray(), WireJson.Default.NetworkResponsesArray);

    static async Task<IResult> WatchAsync(HttpContext context, IPosts posts, IPostContent content)
    {
        var id = context.Id<PostId>();
        var watcher = context.Watcher();
        return await posts.FindAsync(watcher, id, context.RequestAborted) is null
            ? context.Missing()
            : new EventStreamResult<PostContentState>(
                content.WatchAsync(watcher, id, context.RequestAborted), WireJson.Default.PostContentState);
    }

    static async Task<IResult> ContentAsync(HttpContext context, Relay relay, string? stored) =>
        await relay.OpenAsync(context.Caller(), context.Id<PostId>(), RequestExtensions.Flag(stored), context.RequestAborted) switch
        {
            null => context.Missing(),
            { Stored: { } reader, Resource: var resource } => new ContentResult(reader, ContentArea.Data, resource.MediaType, resource.Name),
            var online => new OnlineResult(online),
        };

    static async Task<IResult> GroupsAsync(HttpContext context, IPostContent content) =>
        await content.OpenAsync(context.Caller(), context.Id<PostId>(), context.RequestAborted) is { } reader
            ? new ContentResult(reader, ContentArea.Groups, null, null)
            : context.Missing();
}
