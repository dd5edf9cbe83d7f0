using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Sharing.Offline;

namespace Sharing.AspNetCore;

/// <summary>The first page: the feed, or what a visitor sees who has not signed in.</summary>
static class FeedPages
{
    public static void Map(RouteGroupBuilder group) => group.MapGet("/", FeedAsync).ExcludeFromDescription();

    /// <summary>Where a host has no feed, the first page leads to a person's own posts.</summary>
    public static void MapWithout(RouteGroupBuilder group) => group.MapGet("/", (HttpContext context) => First(context)).ExcludeFromDescription();

    static IResult First(HttpContext context) =>
        context.Caller() is null ? Welcome(context) : new SeeOther(PagesSite.Page(context, PagesSite.Of(context) switch
        {
            { HasPosts: true } => "/me",
            { HasTransfers: true } => "/transfers",
            { HasMessages: true } => "/inbox",
            { HasPhotos: true } => "/photos",
            { HasApps: true } => "/apps",
            _ => "/me",
        }));

    static async Task<IResult> FeedAsync(HttpContext context, ISocialNetwork network, string? cursor)
    {
        if (context.Caller() is not { } caller)
        {
            return Welcome(context);
        }

        var page = await network.FeedAsync(caller, cursor, cancellationToken: context.RequestAborted);
        Html older = page.Next is { } next
            ? $"""<p class="pager"><a class="button quiet" href="{PagesSite.Page(context, "/")}?cursor={next}">Older posts</a></p>"""
            : Html.None;
        Html newest = cursor is null
            ? Html.None
            : $"""<p class="pager"><a class="button quiet" href="{PagesSite.Page(context, "/")}">Newest posts</a></p>""";
        var posts = page.Posts.Count > 0 ? Html.Each(page.Posts, post => PostCard.Of(context, post, inFeed: true))
            : cursor is null ? Empty(context)
            : (Html)$"""<p class="card plain">There are no older posts.</p>""";
        return SharingPage.Result(
            context, "Feed", $"""<div class="column"><h1>Feed</h1>{Notice.Done(context)}{newest}{posts}{older}</div>""");
    }

    static IResult Welcome(HttpContext context)
    {
        var options = context.RequestServices.GetRequiredService<IOptions<PagesOptions>>().Value;
        Html signIn = PagesSite.SignIn(context, options, PagesSite.Page(context, "/")) is { } address
            ? $"""<p><a class="button" href="{address}">Sign in</a></p>"""
            : Html.None;
        return SharingPage.Result(
            context, "Welcome",
            $"""
            <section class="card plain"><h1>Welcome to {options.ProductName}</h1>
            <p>Share what you download with your friends and followers. They get it from the offline library,
            also when the place that it came from is slow or gone.</p>
            <p>Sign in to see what was shared with you.</p>{signIn}</section>
            """);
    }

    static Html Empty(HttpContext context) => $"""
        <section class="card plain"><h2>Nothing here yet</h2>
        <p>You see here what your friends, and the people you follow, share. To begin:</p>
        <ul><li><a href="{PagesSite.Page(context, "/people")}">Follow somebody, or make friends</a>, and their posts appear here.</li>
        <li>Share a download from your own terminal: it appears here, and with those you shared it with.</li></ul></section>
        """;
}
