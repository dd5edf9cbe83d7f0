using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sharing.Offline;

namespace Sharing.AspNetCore;

/// <summary>The offline library, as far as the caller holds something there.</summary>
static class LibraryEndpoints
{
    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/v1/library", ListAsync).Describe("listLibrary", "What the caller holds in the offline library").Gives<OfflineItem[]>();
        group.MapPut("/v1/library/{id}", KeepAsync).Describe("keepResource", "Asks that a resource be kept").Names<ResourceId>().Takes<Resource>().Gives<OfflineItem>();
        group.MapGet("/v1/library/{id}", FindAsync).Describe("getKept", "A resource that the caller holds").Names<ResourceId>().Gives<OfflineItem>();
        group.MapDelete("/v1/library/{id}", RemoveAsync).Describe("dropKept", "The caller holds it no longer").Names<ResourceId>().Produces(204);
        group.MapGet("/v1/library/{id}/events", WatchAsync)
            .Describe("watchKept", "Its changes, as server-sent events").Names<ResourceId>().Gives<OfflineItem>(200, "text/event-stream");
        group.MapMethods("/v1/library/{id}/content", ["GET", "HEAD"], ContentAsync).Describe("getKeptContent", "Its stored bytes").Names<ResourceId>().GivesBytes();
        group.MapMethods("/v1/library/{id}/groups", ["GET", "HEAD"], GroupsAsync).Describe("getKeptGroups", "The group hashes that prove them").Names<ResourceId>().GivesBytes();
    }

    static async Task<IResult> ListAsync(HttpContext context, IOfflineStore library) =>
        (await library.ListAsync(context.SignedIn(), context.RequestAborted).ToArrayAsync(context.RequestAborted)).Answer(WireJson.Default.OfflineItemArray);

    static async Task<IResult> KeepAsync(HttpContext context, IOfflineStore library)
    {
        var actor = context.SignedIn();
        var id = context.Id<ResourceId>();
        var resource = await context.BodyAsync(WireJson.Default.Resource);
        return resource.Address.IsAbsoluteUri && ResourceId.Of(resource.Address) == id
            ? (await library.KeepAsync(actor, resource, context.RequestAborted)).Answer(WireJson.Default.OfflineItem)
            : Problems.Result(ProblemCodes.InvalidInput, "The id is not that of the address.");
    }

    static async Task<IResult> FindAsync(HttpContext context, IOfflineStore library) => context.AnswerOrMissing(
        await library.FindAsync(context.SignedIn(), context.Id<ResourceId>(), context.RequestAborted), WireJson.Default.OfflineItem);

    static async Task<IResult> RemoveAsync(HttpContext context, IOfflineStore library) =>
        await library.RemoveAsync(context.SignedIn(), context.Id<ResourceId>(), context.RequestAborted) ? Results.NoContent() : context.Missing();

    static async Task<IResult> WatchAsync(HttpContext context, IOfflineStore library)
    {
        var (actor, id) = (context.SignedInWatcher(), context.Id<ResourceId>());
        return library is IOfflineWatch watch && await library.FindAsync(actor, id, context.RequestAborted) is not null
            ? new EventStreamResult<OfflineItem>(watch.WatchAsync(actor, id, context.RequestAborted), WireJson.Default.OfflineItem)
            : context.Missing();
    }

    static async Task<IResult> ContentAsync(HttpContext context, IOfflineStore library)
    {
        var (actor, id) = (context.SignedIn(), context.Id<ResourceId>());
        return await library.FindAsync(actor, id, context.RequestAborted) is { } item
            && await library.OpenAsync(actor, id, context.RequestAborted) is { } reader
                ? new ContentResult(reader, ContentArea.Data, item.Resource.MediaType, item.Resource.Name)
                : context.Missing();
    }

    static async Task<IResult> GroupsAsync(HttpContext context, IOfflineStore library) =>
        await library.OpenAsync(context.SignedIn(), context.Id<ResourceId>(), context.RequestAborted) is { } reader
            ? new ContentResult(reader, ContentArea.Groups, null, null)
            : context.Missing();
}
