using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Sharing.Offline;

namespace Sharing.AspNetCore;

/// <summary>A post with its comments, and the forms to comment and to reshare.</summary>
static class ThreadPages
{
    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/posts/{id}", ShowAsync).ExcludeFromDescription();
        group.MapPost("/posts/{id}/comments", CommentAsync).ExcludeFromDescription();
        group.MapPost("/posts/{id}/reshare", ReshareAsync).ExcludeFromDescription();
    }

    static Task<IResult> ShowAsync(HttpContext context, ISocialNetwork network, string id) => PageAsync(context, network, id, null, null);

    static async Task<IResult> CommentAsync(HttpContext context, ISocialNetwork network, string id)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var text = ((string?)form["text"] ?? "").ReplaceLineEndings("\n").Trim();
        var error = text.Length switch
        {
            0 => "Please write something first.",
            > NetworkComment.MaxTextLength => string.Create(
                CultureInfo.InvariantCulture, $"That is too long: {text.Length:N0} characters, and a comment has at most {NetworkComment.MaxTextLength:N0}."),
            _ => null,
        };
        if (error is not null)
        {
            return await PageAsync(context, network, id, text, error);
        }

        try
        {
            return await network.CommentAsync(context.SignedIn(), id, text, (string?)form["key"] ?? "", context.RequestAborted) is { } comment
                ? new SeeOther(PagesSite.Page(context, $"/posts/{id}?done=commented#comment-{comment.Id}"))
                : ProblemPage.Result(context, ProblemCodes.NotFound, null);
        }
        catch (SharingException e) when (e.Code == ProblemCodes.KeyReused)
        {
            // The same form was sent before with another text: the person went back and changed it.
            return await PageAsync(context, network, id, text, "You have already sent a comment from this form. Send it again to add this one, too.");
        }
    }

    static async Task<IResult> ReshareAsync(HttpContext context, ISocialNetwork network, string id)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        return await network.ReshareAsync(context.SignedIn(), id, context.RequestAborted) is null
            ? ProblemPage.Result(context, ProblemCodes.NotFound, null)
            : new SeeOther(PagesSite.Page(context, form["from"] == "feed" ? "/?done=reshared" : $"/posts/{id}?done=reshared"));
    }

    static async Task<IResult> PageAsync(HttpContext context, ISocialNetwork network, string id, string? text, string? error)
    {
        if (await network.ThreadAsync(context.Caller(), id, context.RequestAborted) is not { } thread)
        {
            return context.Caller() is null
                ? throw new SharingException(ProblemCodes.SignInRequired, "Please sign in.")
                : ProblemPage.Result(context, ProblemCodes.NotFound, null);
        }

        var card = PostCard.Of(context, thread.Post, inFeed: false, await LibraryAsync(context, thread.Post));
        return SharingPage.Result(
            context, thread.Post.Resource.Name,
            $"""
            <div class="column"><h1 class="hidden">{thread.Post.Resource.Name}, shared by {thread.Post.AuthorName ?? thread.Post.Author.Value}</h1>
            {Notice.Done(context)}{Notice.Error(error)}{card}
            <section class="card" id="comments" aria-labelledby="comments-title" tabindex="-1">
            <h2 id="comments-title">{(thread.Comments.Count > 0 ? Figures.Some(thread.Post.Comments, "comment") : "Comments")}</h2>
            {Comments(context, thread)}{Form(context, thread.Post, text, error)}</section></div>
            """,
            error is null ? 200 : 400);
    }

    static async Task<Html?> LibraryAsync(HttpContext context, NetworkPost post) =>
        DownloadLink.Of(context, post.Link).Post is { } id
        && await context.RequestServices.GetRequiredService<IPosts>().FindAsync(context.Caller(), id, context.RequestAborted) is { } shared
            ? PostCard.Library(context, shared.Library)
            : null;

    static Html Comments(HttpContext context, NetworkThread thread)
    {
        var now = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        var all = Html.Each(thread.Comments, comment =>
        {
            var author = comment.AuthorName ?? comment.Author.Value;
            return $"""
                <li id="comment-{comment.Id}">{PostCard.Avatar(author)}<div><span class="author">{author}</span>
                <span class="facts">{Figures.Moment(comment.At, now)}</span><p class="text">{comment.Text}</p></div></li>
                """;
        });
        return thread.Comments.Count > 0 ? (Html)$"""<ol class="comments">{all}</ol>""" : $"""<p class="muted">Nobody has commented yet.</p>""";
    }

    static Html Form(HttpContext context, NetworkPost post, string? text, string? error)
    {
        if (context.Caller() is null)
        {
            var options = context.RequestServices.GetRequiredService<IOptions<PagesOptions>>().Value;
            return PagesSite.SignIn(context, options, PagesSite.Page(context, $"/posts/{post.Id}")) is { } address
                ? $"""<p><a class="button quiet" href="{address}">Sign in to comment</a></p>"""
                : Html.None;
        }

        Html invalid = error is null ? Html.None : $"""aria-invalid="true" autofocus """;
        return $"""
            <form class="stack" method="post" action="{PagesSite.Page(context, $"/posts/{post.Id}/comments")}">
            {SharingPage.Fields(context, ("key", PostId.New().Value))}
            <label for="text">Your comment</label>
            <textarea id="text" name="text" rows="3" required maxlength="{NetworkComment.MaxTextLength}" {invalid}>{text}</textarea>
            <button class="button">Send comment</button></form>
            """;
    }
}
