using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Sharing.Offline;

namespace Sharing.AspNetCore;

/// <summary>A post as a card, on the feed and above its comments.</summary>
static class PostCard
{
    /// <summary>The card of a network post.</summary>
    /// <param name="context">The request.</param>
    /// <param name="post">The post or reshare.</param>
    /// <param name="inFeed">Whether it stands in the feed: with a button that leads to its comments.</param>
    /// <param name="library">How far this host's library is, where that is said.</param>
    public static Html Of(HttpContext context, NetworkPost post, bool inFeed, Html? library = null)
    {
        var now = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        var author = post.AuthorName ?? post.Author.Value;
        Html said = post.Text.Length > 0 && post.Text != post.Resource.Name ? $"""<p class="text">{post.Text}</p>""" : Html.None;
        Html reshared = post.ResharedBy is { } by
            ? $"""<p class="reshared">{Glyph(context, "reshare")}<span>Reshared by {post.ResharedByName ?? by.Value}</span></p>"""
            : Html.None;
        return $"""
            <article class="card post" aria-label="{author} shared {post.Resource.Name}">
            {reshared}
            <header class="byline">{Avatar(author)}<div><span class="author">{author}</span>
            <span class="facts">{Figures.Moment(post.At, now)}{Badge(context, post.Audience)}</span></div></header>
            {said}
            {ResourceBox(context, post.Resource)}
            {library}
            {Actions(context, post, inFeed)}
            </article>
            """;
    }

    /// <summary>A resource: glyph, name, size, kind, and where it comes from.</summary>
    public static Html ResourceBox(HttpContext context, Resource resource)
    {
        var kind = FileKind.Of(resource.Name, resource.MediaType);
        var facts = resource.Length is { } length ? $"{Figures.Size(length)} · {kind.Name}" : kind.Name;
        var origin = resource.Address.IsDefaultPort ? resource.Address.IdnHost : $"{resource.Address.IdnHost}:{resource.Address.Port}";
        return Box(context, kind, resource.Name, $"{facts} · from {origin}");
    }

    /// <summary>A thing: glyph, name, and what is to be said of it.</summary>
    public static Html Box(HttpContext context, FileKind kind, string name, Html facts) => $"""
        <div class="resource"><span class="tile">{Glyph(context, kind.Glyph)}</span>
        <div><span class="name">{name}</span>
        <span class="facts">{facts}</span></div></div>
        """;

    /// <summary>To whom a post was shared.</summary>
    public static Html Badge(HttpContext context, AudienceKind audience)
    {
        var (glyph, name) = audience switch
        {
            AudienceKind.Everyone => ("everyone", "Everyone"),
            AudienceKind.Followers => ("followers", "Friends and followers"),
            AudienceKind.Friends => ("friends", "Friends"),
            _ => ("named", "Chosen people"),
        };
        return $"""<span class="badge">{Glyph(context, glyph)}<span class="hidden">Shared with: </span>{name}</span>""";
    }

    public static Html Avatar(string name)
    {
        var first = System.Globalization.StringInfo.GetNextTextElement(name.Trim() is { Length: > 0 } trimmed ? trimmed : "?");
        return $"""<span class="avatar" aria-hidden="true">{first.ToUpperInvariant()}</span>""";
    }

    /// <summary>How far the library is, as words; a script on the page keeps them up to date.</summary>
    public static Html Library(HttpContext context, OfflineState? state)
    {
        var (name, words) = state switch
        {
            OfflineState.Stored => ("stored", "The offline library has it: the download does not need the origin."),
            OfflineState.Fetching => ("fetching", "The offline library is fetching it. You can download it already."),
            OfflineState.Failed => ("failed", "The offline library could not fetch it; it comes straight from its origin."),
            _ => ("none", "It comes straight from its origin."),
        };
        return $"""
            <p class="library" data-state="{name}">{Glyph(context, "library")}<span role="status" data-library>{words}</span></p>
            """;
    }

    static Html Count(int comments) =>
        comments == 0 ? Html.None : $"""
            <span class="count"><span aria-hidden="true">{comments}</span><span class="hidden">({Figures.Some(comments, "comment")})</span></span>
            """;

    static Html Glyph(HttpContext context, string name) => context.RequestServices.GetRequiredService<PageAssets>().Glyph(context, name);

    static Html Actions(HttpContext context, NetworkPost post, bool inFeed)
    {
        var link = DownloadLink.Of(context, post.Link);
        var thread = PagesSite.Page(context, $"/posts/{post.OriginalId ?? post.Id}");
        Html events = link.Events is not null && !inFeed ? $"""data-events="{link.Events}" """ : Html.None;
        Html live = link.Events is null
            ? Html.None
            : $"""data-download data-name="{post.Resource.Name}" data-length="{post.Resource.Length ?? -1}" {events}""";
        Html comments = inFeed
            ? $"""<a class="button quiet" href="{thread}#comments">{Glyph(context, "comment")}<span>Comment</span>{Count(post.Comments)}</a>"""
            : Html.None;
        Html reshare = context.Caller() is { } caller && caller != post.Author
            ? $"""
            <form method="post" action="{thread}/reshare">{SharingPage.Fields(context, ("from", inFeed ? "feed" : "thread"))}
            <button class="button quiet">{Glyph(context, "reshare")}<span>Reshare</span></button></form>
            """
            : Html.None;
        return $"""
            <div class="actions" {live}><a class="button" href="{link.Address}" data-link>{Glyph(context, "download")}<span>Download</span>
            <span class="hidden">{post.Resource.Name}</span></a>
            {comments}
            {reshare}</div>
            """;
    }
}
