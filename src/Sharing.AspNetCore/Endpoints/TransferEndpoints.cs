using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sharing.Core;
using Sharing.P2P;

namespace Sharing.AspNetCore;

/// <summary>The shares that a terminal is fetching: which source gives which chunk, and why.</summary>
static class TransferEndpoints
{
    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/v1/transfers", ListAsync).Describe("listTransfers", "The shares that this terminal is fetching").Gives<FetchView[]>();
        group.MapGet("/v1/transfers/{content}", FindAsync).Describe("getTransfer", "Which source gives which chunk of a share").Names<ContentId>("content").Gives<FetchView>();
        group.MapGet("/v1/transfers/{content}/events", WatchAsync)
            .Describe("watchTransfer", "The same as it changes, as server-sent events").Names<ContentId>("content").Gives<FetchView>(200, "text/event-stream");
        group.MapGet("/v1/transfers/{content}/chunks/{chunk}", ExplainAsync)
            .Describe("explainChunk", "Why the source was chosen that was last asked for a chunk").Names<ContentId>("content").Gives<ChunkChoice>();
    }

    /// <summary>The number of a chunk; -1: it is none.</summary>
    public static int ChunkOf(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var chunk) ? chunk : -1;

    static async Task<IResult> ListAsync(HttpContext context, IShareFetches fetches)
    {
        context.SignedIn();
        return (await fetches.ListAsync(context.RequestAborted).ToArrayAsync(context.RequestAborted)).Answer(P2PJson.Default.FetchViewArray);
    }

    static async Task<IResult> FindAsync(HttpContext context, IShareFetches fetches)
    {
        context.SignedIn();
        return context.AnswerOrMissing(await fetches.FindAsync(context.Id<ContentId>("content"), context.RequestAborted), P2PJson.Default.FetchView);
    }

    public static async Task<IResult> WatchAsync(HttpContext context, IShareFetches fetches)
    {
        context.SignedInWatcher();
        var content = context.Id<ContentId>("content");
        return await fetches.FindAsync(content, context.RequestAborted) is not null
            ? new EventStreamResult<FetchView>(fetches.WatchAsync(content, context.RequestAborted), P2PJson.Default.FetchView)
            : context.Missing();
    }

    public static async Task<IResult> ExplainAsync(HttpContext context, IShareFetches fetches)
    {
        context.Response.Headers.CacheControl = "no-store"; // it may be another the next time
        context.SignedIn();
        return context.AnswerOrMissing(
            await fetches.ExplainAsync(context.Id<ContentId>("content"), ChunkOf(PathValue.Of(context, "chunk")), context.RequestAborted), P2PJson.Default.ChunkChoice);
    }
}
