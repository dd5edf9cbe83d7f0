using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sharing.Offline;

namespace Sharing.AspNetCore;

/// <summary>Our own social network: the social network server's endpoints.</summary>
static class NetworkEndpoints
{
    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/v1/feed", FeedAsync).Describe("getFeed", "What the caller's people shared, newest first").Gives<FeedPage>();
        group.MapPut("/v1/network/posts/{id}", PutAsync)
            .Describe("putNetworkPost", "Shows, changes or removes a post of the caller's").Takes<Post>().Gives<NetworkPost>();
        group.MapGet("/v1/network/posts/{id}", ThreadAsync).Describe("getThread", "A post with its comments").OpenToEveryone().Gives<NetworkThread>();
        group.MapPost("/v1/network/posts/{id}/comments", CommentAsync)
            .Describe("addComment", "Comments on a post").Takes<CommentText>().Gives<NetworkComment>(201).Repeatable();
        group.MapPost("/v1/network/posts/{id}/reshares", ReshareAsync).Describe("resharePost", "Reshares a post").Gives<NetworkPost>();
    }

    static async Task<IResult> FeedAsync(HttpContext context, ISocialNetwork network, string? cursor, string? count) =>
        (await network.FeedAsync(context.SignedIn(), cursor, RequestExtensions.Count(count), context.RequestAborted)).Answer(WireJson.Default.FeedPage);

    static async Task<IResult> PutAsync(HttpContext context, ISocialNetwork network, string id)
    {
        var actor = context.SignedIn();
        var post = await context.BodyAsync(WireJson.Default.Post);
        return post.Key == id
            ? (await network.PutAsync(actor, post, context.RequestAborted)).Answer(WireJson.Default.NetworkPost)
            : Problems.Result(ProblemCodes.InvalidInput, "The key in the path and in the body differ.");
    }

    static async Task<IResult> ThreadAsync(HttpContext context, ISocialNetwork network, string id) =>
        context.AnswerOrMissing(await network.ThreadAsync(context.Caller(), id, context.RequestAborted), WireJson.Default.NetworkThread);

    static async Task<IResult> CommentAsync(HttpContext context, ISocialNetwork network, string id)
    {
        var actor = context.SignedIn();
        var text = await context.BodyAsync(WireJson.Default.CommentText);
        var key = context.Key() ?? PostId.New().Value;
        return context.AnswerOrMissing(
            await network.CommentAsync(actor, id, text.Text, key, context.RequestAborted), WireJson.Default.NetworkComment, 201);
    }

    static async Task<IResult> ReshareAsync(HttpContext context, ISocialNetwork network, string id) =>
        context.AnswerOrMissing(await network.ReshareAsync(context.SignedIn(), id, context.RequestAborted), WireJson.Default.NetworkPost);
}
