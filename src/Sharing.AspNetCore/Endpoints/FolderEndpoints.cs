using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sharing.P2P;

namespace Sharing.AspNetCore;

/// <summary>The caller's shared folders, and the fetching of shares, where a terminal is driven over HTTP.</summary>
static class FolderEndpoints
{
    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/v1/folders", ListAsync).Describe("listFolders", "The caller's shared folders").Gives<SharedFolder[]>();
        group.MapPut("/v1/folders", AddAsync).Describe("shareFolder", "Shares what is in a folder, and what comes into it").Takes<SharedFolder>().Gives<SharedFolder>();
        group.MapDelete("/v1/folders", StopAsync).Describe("stopFolder", "Shares nothing more from a folder").Produces(204);
        group.MapGet("/v1/folders/files", FilesAsync).Describe("listFolderFiles", "The files of shared folders, and how each stands").Gives<FolderFile[]>();
        group.MapGet("/v1/fetch/events", Fetch).Describe("fetchShare", "Fetches a share by its link and saves it, as long as somebody listens").Gives<ShareDownload>(200, "text/event-stream");
        group.MapGet("/v1/fetch/others", OthersAsync).Describe("listOthers", "Who else has a share, or fetches it").Gives<SwarmView>();
    }

    static async Task<IResult> ListAsync(HttpContext context, ISharedFolders folders) =>
        (await folders.ListAsync(context.SignedIn(), context.RequestAborted).ToArrayAsync(context.RequestAborted)).Answer(P2PJson.Default.SharedFolderArray);

    static async Task<IResult> AddAsync(HttpContext context, ISharedFolders folders)
    {
        var actor = context.SignedIn();
        var folder = await context.BodyAsync(P2PJson.Default.SharedFolder);
        await folders.AddAsync(actor, folder, context.RequestAborted);
        return folder.Answer(P2PJson.Default.SharedFolder);
    }

    static async Task<IResult> StopAsync(HttpContext context, ISharedFolders folders, string? path) =>
        await folders.StopAsync(context.SignedIn(), Needed(path, "path"), context.RequestAborted) ? Results.NoContent() : context.Missing();

    static async Task<IResult> FilesAsync(HttpContext context, ISharedFolders folders, string? path) =>
        (await folders.FilesAsync(context.SignedIn(), path, context.RequestAborted).ToArrayAsync(context.RequestAborted)).Answer(P2PJson.Default.FolderFileArray);

    static IResult Fetch(HttpContext context, IShareDownloads downloads, string? link, string? name)
    {
        var actor = context.SignedIn();
        return new EventStreamResult<ShareDownload>(downloads.FetchAsync(actor, LinkOf(link), name, context.RequestAborted), P2PJson.Default.ShareDownload);
    }

    static async Task<IResult> OthersAsync(HttpContext context, IShareDownloads downloads, string? link) =>
        context.AnswerOrMissing(await downloads.OthersAsync(context.SignedIn(), LinkOf(link), context.RequestAborted), P2PJson.Default.SwarmView);

    static ShareLink LinkOf(string? text) => ShareLink.TryParse(text, out var link) ? link : throw new SharingException(ProblemCodes.InvalidInput, "That is no link of a share.");

    static string Needed(string? value, string name) => value is { Length: > 0 } ? value : throw new SharingException(ProblemCodes.InvalidInput, $"{name} is needed.");
}
