using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sharing.Offline;

namespace Sharing.AspNetCore;

/// <summary>The caller's download list, where a terminal is driven over HTTP.</summary>
static class DownloadEndpoints
{
    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/v1/downloads", ListAsync).Describe("listDownloads", "The caller's download list").Gives<DownloadItem[]>();
        group.MapPost("/v1/downloads", AddAsync).Describe("addDownload", "Adds an item").Takes<DownloadRequest>().Gives<DownloadItem>(201).Repeatable();
        foreach (var command in Enum.GetValues<DownloadCommand>())
        {
            var name = command.ToString().ToLowerInvariant();
            group.MapPost($"/v1/downloads/{{id}}/{name}", (HttpContext context, IDownloads downloads) => ChangeAsync(context, downloads, command))
                .Describe(name + "Download", $"Tells an item to {name}").Names<DownloadId>().Gives<DownloadItem>();
        }

        group.MapPost("/v1/downloads/{id}/share", ShareAsync)
            .Describe("shareDownload", "Shares an item, running or finished").Names<DownloadId>().Takes<ShareOptions>().Gives<SharedPost>(201).Repeatable();
        group.MapGet("/v1/downloads/{id}/events", WatchAsync)
            .Describe("watchDownload", "An item's progress, as server-sent events").Names<DownloadId>().Gives<DownloadItem>(200, "text/event-stream");
    }

    static async Task<IResult> ListAsync(HttpContext context, IDownloads downloads) =>
        (await downloads.ListAsync(context.SignedIn(), context.RequestAborted).ToArrayAsync(context.RequestAborted)).Answer(WireJson.Default.DownloadItemArray);

    static async Task<IResult> AddAsync(HttpContext context, IDownloads downloads)
    {
        var actor = context.SignedIn();
        var request = await context.BodyAsync(WireJson.Default.DownloadRequest);
        return (await downloads.AddAsync(actor, request with { Key = context.Key() }, context.RequestAborted)).Answer(WireJson.Default.DownloadItem, 201);
    }

    static async Task<IResult> ChangeAsync(HttpContext context, IDownloads downloads, DownloadCommand command) => context.AnswerOrMissing(
        await downloads.ChangeAsync(context.SignedIn(), context.Id<DownloadId>(), command, context.RequestAborted), WireJson.Default.DownloadItem);

    static async Task<IResult> ShareAsync(HttpContext context, IDownloads downloads)
    {
        var (actor, id) = (context.SignedIn(), context.Id<DownloadId>());
        var options = await context.BodyAsync(WireJson.Default.ShareOptions);
        return context.AnswerOrMissing(
            await downloads.ShareAsync(actor, id, options with { Audience = options.Audience ?? Audience.Friends, Key = context.Key() }, context.RequestAborted), WireJson.Default.SharedPost, 201);
    }

    static async Task<IResult> WatchAsync(HttpContext context, IDownloads downloads)
    {
        var (actor, id) = (context.SignedInWatcher(), context.Id<DownloadId>());
        return await downloads.ListAsync(actor, context.RequestAborted).AnyAsync(item => item.Id == id, context.RequestAborted)
            ? new EventStreamResult<DownloadItem>(downloads.WatchAsync(actor, id, context.RequestAborted), WireJson.Default.DownloadItem)
            : context.Missing();
    }
}
