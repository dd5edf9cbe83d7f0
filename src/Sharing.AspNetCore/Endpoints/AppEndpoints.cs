using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sharing.Apps;

namespace Sharing.AspNetCore;

/// <summary>Lists of apps that people show each other, and the package that fits a device.</summary>
static class AppEndpoints
{
    const string Apk = "application/vnd.android.package-archive";

    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/v1/apps/lists/mine", OwnAsync).Describe("getOwnApps", "What the caller shows of his apps, and what he takes").Gives<AppSharing>();
        group.MapPut("/v1/apps/lists/mine", SaveAsync).Describe("saveOwnApps", "Says what the caller shows of his apps, and what he takes").Takes<AppSharing>().Produces(204);
        group.MapGet("/v1/apps/lists/received", ReceivedAsync).Describe("listReceivedApps", "The lists that were pushed to the caller").Gives<ReceivedList[]>();
        group.MapGet("/v1/apps/lists/of/{person}", OfAsync).Describe("getAppsOf", "What a person shows to the caller").Names<PersonId>("person").OpenToEveryone().Gives<AppListAnswer>();
        group.MapPost("/v1/apps/lists/of/{person}/pushes", PushAsync).Describe("pushApps", "Brings the caller's list to a person's attention").Names<PersonId>("person").Gives<AppPush>();
        group.MapPost("/v1/apps/matches", MatchAsync).Describe("matchApp", "The package of an app that fits a device, and why the others do not").Takes<AppRequest>().Gives<AppMatch>();
        group.MapGet("/v1/apps/{os}/{app}", FindAsync).Describe("getApp", "What is known of an app").Names<AppId>("app").Gives<AppListing>();
        group.MapMethods("/v1/apps/{os}/{app}/packages/{sha256}", ["GET", "HEAD"], PackageAsync).Describe("getPackage", "A package's bytes; what only an outside catalogue has is fetched first").Names<AppId>("app").GivesBytes();
    }

    static async Task<IResult> OwnAsync(HttpContext context, IAppLists lists) => (await lists.OwnAsync(context.SignedIn(), context.RequestAborted)).Answer(AppsJson.Default.AppSharing);

    static async Task<IResult> SaveAsync(HttpContext context, IAppLists lists)
    {
        await lists.SaveAsync(context.SignedIn(), await context.BodyAsync(AppsJson.Default.AppSharing), context.RequestAborted);
        return Results.NoContent();
    }

    static async Task<IResult> ReceivedAsync(HttpContext context, IAppLists lists) =>
        (await lists.ReceivedAsync(context.SignedIn(), context.RequestAborted).ToArrayAsync(context.RequestAborted)).Answer(AppsJson.Default.ReceivedListArray);

    static async Task<IResult> OfAsync(HttpContext context, IAppLists lists) =>
        (await lists.OfAsync(context.Caller(), context.Id<PersonId>("person"), context.RequestAborted)).Answer(AppsJson.Default.AppListAnswer);

    static async Task<IResult> PushAsync(HttpContext context, IAppLists lists) =>
        (await lists.PushAsync(context.SignedIn(), context.Id<PersonId>("person"), context.RequestAborted)).Answer(AppsJson.Default.AppPush);

    static async Task<IResult> MatchAsync(HttpContext context, ICompatibilityMatcher matcher)
    {
        context.SignedIn();
        var request = await context.BodyAsync(AppsJson.Default.AppRequest);
        return context.AnswerOrMissing(await matcher.MatchAsync(request, context.RequestAborted), AppsJson.Default.AppMatch);
    }

    static async Task<IResult> FindAsync(HttpContext context, OutsideCatalogs catalogs)
    {
        context.SignedIn();
        return context.AnswerOrMissing(await catalogs.FindAsync(context.Id<AppId>("app"), PathValue.Of(context, "os") ?? "", context.RequestAborted), AppsJson.Default.AppListing);
    }

    static async Task<IResult> PackageAsync(HttpContext context, OutsideCatalogs catalogs, IContentStore contents) => await BytesAsync(context, catalogs, contents) ?? context.Missing();

    /// <summary>The bytes of the package that the path names, for whoever has signed in; <c>null</c>: there is none.</summary>
    public static async Task<IResult?> BytesAsync(HttpContext context, OutsideCatalogs catalogs, IContentStore contents)
    {
        context.SignedIn();
        var (app, os, hash) = (context.Id<AppId>("app"), PathValue.Of(context, "os") ?? "", PathValue.Of(context, "sha256") ?? "");
        return await catalogs.TakeAsync(app, os, hash, context.RequestAborted) is { Content: { } content } package && await contents.OpenAsync(content, context.RequestAborted) is { } reader
            ? new ContentResult(reader, ContentArea.Data, package.Os == "android" ? Apk : null, $"{package.App}-{package.VersionCode}{(package.Os == "android" ? ".apk" : "")}")
            : null;
    }
}
