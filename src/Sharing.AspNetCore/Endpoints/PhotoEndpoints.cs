using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sharing.Photos;

namespace Sharing.AspNetCore;

/// <summary>People's photos and folders, what they grant to friends, and what friends see of it. Photos come in by uploads for the purpose "photos".</summary>
static class PhotoEndpoints
{
    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/v1/photos", ListAsync).Describe("listPhotos", "The caller's photos, the newest first; with `folder`, those in one folder; with `device`, those that came from a device by themselves").Gives<Photo[]>();
        group.MapGet("/v1/photos/{id}", FindAsync).Describe("getPhoto", "A photo of the caller's").Names<PhotoId>().Gives<Photo>();
        group.MapPatch("/v1/photos/{id}", ChangeAsync).Describe("changePhoto", "Gives a photo another name or another end").Names<PhotoId>().Takes<PhotoChange>().Gives<Photo>();
        group.MapDelete("/v1/photos/{id}", DeleteAsync).Describe("deletePhoto", "Removes a photo, for everybody").Names<PhotoId>().Produces(204);
        group.MapGet("/v1/photos/{id}/content", ContentAsync).Describe("getPhotoContent", "A photo's bytes, as they came; with `preview`, those of its preview").Names<PhotoId>().GivesBytes();
        group.MapGet("/v1/photo-evictions", PlanAsync).Describe("planEviction", "What would go by itself to make room for an upload of so many `bytes`, and who would miss it").Gives<EvictionPlan>();
        group.MapPost("/v1/device-photos", LackingAsync).Describe("findLackingPhotos", "Which of a device's photos are not there from it").Takes<DevicePhotosAsked>().Gives<DevicePhotosLacking>();
        group.MapGet("/v1/photo-folders", FoldersAsync).Describe("listPhotoFolders", "The caller's folders, the newest first").Gives<PhotoFolder[]>();
        group.MapPost("/v1/photo-folders", CreateFolderAsync).Describe("createPhotoFolder", "Makes a folder").Takes<FolderRequest>().Gives<PhotoFolder>(201);
        group.MapGet("/v1/photo-folders/{id}", FindFolderAsync).Describe("getPhotoFolder", "A folder of the caller's, and how many photos have come").Names<FolderId>().Gives<PhotoFolder>();
        group.MapGet("/v1/photo-folders/{id}/events", WatchFolderAsync).Describe("watchPhotoFolder", "How many of a folder's photos have come, as server-sent events").Names<FolderId>().Gives<PhotoFolder>(200, "text/event-stream");
        group.MapPatch("/v1/photo-folders/{id}", ChangeFolderAsync).Describe("changePhotoFolder", "Gives a folder another name or another end").Names<FolderId>().Takes<PhotoChange>().Gives<PhotoFolder>();
        group.MapDelete("/v1/photo-folders/{id}", DeleteFolderAsync).Describe("deletePhotoFolder", "Removes a folder and every photo in it").Names<FolderId>().Produces(204);
        group.MapGet("/v1/photo-grants", GrantsAsync).Describe("listGrants", "What the caller shows to whom, the newest first").Gives<Grant[]>();
        group.MapPost("/v1/photo-grants", GrantAsync).Describe("grantPhotos", "Shows photos, or a folder, to friends: a grant for each").Takes<GrantRequest>().Gives<Grant[]>(201);
        group.MapPut("/v1/photo-grants/{id}/end", ExtendAsync).Describe("extendGrant", "Says when a grant closes").Names<GrantId>().Takes<GrantEnd>().Gives<Grant>();
        group.MapDelete("/v1/photo-grants/{id}", RevokeAsync).Describe("revokeGrant", "Closes a grant; what is being sent is broken off").Names<GrantId>().Produces(204);
        group.MapGet("/v1/granted-photos", ReceivedAsync).Describe("listGrantedPhotos", "What was granted to the caller, the newest first").Gives<GrantView[]>();
        group.MapGet("/v1/granted-photos/events", WatchGrants).Describe("watchGrantedPhotos", "What is granted to the caller from now on, as server-sent events").Gives<GrantView>(200, "text/event-stream");
        group.MapGet("/v1/granted-photos/{id}", OpenAsync).Describe("openGrant", "What a grant shows to the friend whom it is for").Names<GrantId>().Gives<GrantView>();
        group.MapMethods("/v1/granted-photos/{id}/archive", ["GET", "HEAD"], ArchiveAsync).Describe("getGrantedArchive", "The photos of a grant as one ZIP archive; with `photo`, once or more often, those photos alone").Names<GrantId>().GivesBytes();
        group.MapMethods("/v1/granted-photos/{id}/{photo}", ["GET", "HEAD"], BytesAsync).Describe("getGrantedPhoto", "A granted photo's bytes, as they came; with `preview`, those of its preview")
            .Names<GrantId>().Names<PhotoId>("photo").GivesBytes();
    }

    static async Task<IResult> ListAsync(HttpContext context, IPhotos photos, string? folder, string? device)
    {
        var actor = context.SignedIn();
        FolderId? inside = folder is null ? null : FolderId.TryParse(folder, out var id) ? id : throw new SharingException(ProblemCodes.InvalidInput, "That is no id of a folder.");
        return (await photos.ListAsync(actor, new(inside, device), context.RequestAborted).ToArrayAsync(context.RequestAborted)).Answer(PhotosJson.Default.PhotoArray);
    }

    static async Task<IResult> LackingAsync(HttpContext context, IDevicePhotos devices)
    {
        var actor = context.SignedIn();
        return (await devices.LackingAsync(actor, await context.BodyAsync(PhotosJson.Default.DevicePhotosAsked), context.RequestAborted)).Answer(PhotosJson.Default.DevicePhotosLacking);
    }

    static async Task<IResult> FindAsync(HttpContext context, IPhotos photos) =>
        context.AnswerOrMissing(await photos.FindAsync(context.SignedIn(), context.Id<PhotoId>(), context.RequestAborted), PhotosJson.Default.Photo);

    static async Task<IResult> ChangeAsync(HttpContext context, IPhotos photos)
    {
        var (actor, id) = (context.SignedIn(), context.Id<PhotoId>());
        return context.AnswerOrMissing(await photos.ChangeAsync(actor, id, await context.BodyAsync(PhotosJson.Default.PhotoChange), context.RequestAborted), PhotosJson.Default.Photo);
    }

    static async Task<IResult> DeleteAsync(HttpContext context, IPhotos photos) =>
        await photos.DeleteAsync(context.SignedIn(), context.Id<PhotoId>(), context.RequestAborted) ? Results.NoContent() : context.Missing();

    static async Task<IResult> ContentAsync(HttpContext context, IPhotos photos, string? preview) =>
        await photos.OpenAsync(context.SignedIn(), context.Id<PhotoId>(), SizeOf(preview), context.RequestAborted) is { } bytes ? Bytes(bytes) : context.Missing();

    static async Task<IResult> PlanAsync(HttpContext context, IPhotoSpace space, string? bytes)
    {
        var actor = context.SignedIn();
        return long.TryParse(bytes, NumberStyles.None, CultureInfo.InvariantCulture, out var wanted)
            ? (await space.PlanAsync(actor, wanted, context.RequestAborted)).Answer(PhotosJson.Default.EvictionPlan)
            : Problems.Result(ProblemCodes.InvalidInput, "The number of bytes is missing.");
    }

    static async Task<IResult> FoldersAsync(HttpContext context, IPhotoFolders folders) =>
        (await folders.ListAsync(context.SignedIn(), context.RequestAborted).ToArrayAsync(context.RequestAborted)).Answer(PhotosJson.Default.PhotoFolderArray);

    static async Task<IResult> CreateFolderAsync(HttpContext context, IPhotoFolders folders)
    {
        var actor = context.SignedIn();
        return (await folders.CreateAsync(actor, await context.BodyAsync(PhotosJson.Default.FolderRequest), context.RequestAborted)).Answer(PhotosJson.Default.PhotoFolder, StatusCodes.Status201Created);
    }

    static async Task<IResult> FindFolderAsync(HttpContext context, IPhotoFolders folders) =>
        context.AnswerOrMissing(await folders.FindAsync(context.SignedIn(), context.Id<FolderId>(), context.RequestAborted), PhotosJson.Default.PhotoFolder);

    static async Task<IResult> ChangeFolderAsync(HttpContext context, IPhotoFolders folders)
    {
        var (actor, id) = (context.SignedIn(), context.Id<FolderId>());
        return context.AnswerOrMissing(await folders.ChangeAsync(actor, id, await context.BodyAsync(PhotosJson.Default.PhotoChange), context.RequestAborted), PhotosJson.Default.PhotoFolder);
    }

    static async Task<IResult> DeleteFolderAsync(HttpContext context, IPhotoFolders folders) =>
        await folders.DeleteAsync(context.SignedIn(), context.Id<FolderId>(), context.RequestAborted) ? Results.NoContent() : context.Missing();

    static async Task<IResult> GrantsAsync(HttpContext context, IPhotoGrants grants) =>
        (await grants.ListAsync(context.SignedIn(), context.RequestAborted).ToArrayAsync(context.RequestAborted)).Answer(PhotosJson.Default.GrantArray);

    static async Task<IResult> GrantAsync(HttpContext context, IPhotoGrants grants)
    {
        var actor = context.SignedIn();
        var made = await grants.GrantAsync(actor, await context.BodyAsync(PhotosJson.Default.GrantRequest), context.RequestAborted);
        return made.ToArray().Answer(PhotosJson.Default.GrantArray, StatusCodes.Status201Created);
    }

    static async Task<IResult> ExtendAsync(HttpContext context, IPhotoGrants grants)
    {
        var (actor, id) = (context.SignedIn(), context.Id<GrantId>());
        var end = await context.BodyAsync(PhotosJson.Default.GrantEnd);
        return context.AnswerOrMissing(await grants.ExtendAsync(actor, id, end.Expires, context.RequestAborted), PhotosJson.Default.Grant);
    }

    static async Task<IResult> RevokeAsync(HttpContext context, IPhotoGrants grants) =>
        await grants.RevokeAsync(context.SignedIn(), context.Id<GrantId>(), context.RequestAborted) ? Results.NoContent() : context.Missing();

    static async Task<IResult> ReceivedAsync(HttpContext context, IPhotoEntries entries) =>
        (await entries.ListAsync(context.SignedIn(), context.RequestAborted).ToArrayAsync(context.RequestAborted)).Answer(PhotosJson.Default.GrantViewArray);

    static async Task<IResult> WatchFolderAsync(HttpContext context, IPhotoFolders folders, IPhotoWatch watch)
    {
        var (watcher, id) = (context.SignedInWatcher(), context.Id<FolderId>());
        return await folders.FindAsync(watcher, id, context.RequestAborted) is null
            ? context.Missing()
            : new EventStreamResult<PhotoFolder>(watch.WatchFolderAsync(watcher, id, context.RequestAborted), PhotosJson.Default.PhotoFolder);
    }

    static IResult WatchGrants(HttpContext context, IPhotoWatch watch) =>
        new EventStreamResult<GrantView>(watch.WatchGrantsAsync(context.SignedInWatcher(), context.RequestAborted), PhotosJson.Default.GrantView);

    static async Task<IResult> OpenAsync(HttpContext context, IPhotoEntries entries) =>
        context.AnswerOrMissing(await entries.OpenAsync(new(context.SignedIn()), context.Id<GrantId>(), context.RequestAborted), PhotosJson.Default.GrantView);

    static async Task<IResult> BytesAsync(HttpContext context, IPhotoEntries entries, string? preview) =>
        await entries.OpenPhotoAsync(new(context.SignedIn()), context.Id<GrantId>(), context.Id<PhotoId>("photo"), SizeOf(preview), context.RequestAborted) is { } bytes ? Bytes(bytes) : context.Missing();

    static async Task<IResult> ArchiveAsync(HttpContext context, IPhotoEntries entries) =>
        await entries.OpenArchiveAsync(new(context.SignedIn()), context.Id<GrantId>(), Chosen(context), context.RequestAborted) is { } bytes ? Bytes(bytes) : context.Missing();

    /// <summary>The photos that a query names.</summary>
    public static IReadOnlyCollection<PhotoId> Chosen(HttpContext context) =>
        [.. context.Request.Query["photo"].Select(static text => PhotoId.TryParse(text, out var photo) ? photo : (PhotoId?)null).OfType<PhotoId>()];

    /// <summary>Which preview a query asks for.</summary>
    public static int? SizeOf(string? preview) => preview is null ? null
        : int.TryParse(preview, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && PreviewSizes.All.Contains(size) ? size
        : throw new SharingException(ProblemCodes.InvalidInput, $"Previews have {string.Join(", ", PreviewSizes.All)} pixels on their longer side.");

    static GrantedResult Bytes(GrantedBytes bytes) => new(bytes);
}
