using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Sharing.Offline;

namespace Sharing.AspNetCore;

/// <summary>A person's own post: where it stands at each network, and how to take it back.</summary>
static class OwnPostCard
{
    public static Html Of(HttpContext context, SharedPost post, IReadOnlyDictionary<PersonId, string> names)
    {
        var now = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        Html said = post.Text != post.Resource.Name ? $"""<p class="text">{post.Text}</p>""" : Html.None;
        Html people = post.Audience.People is { } named
            ? $"""<span class="facts">{string.Join(", ", named.Select(id => names.GetValueOrDefault(id, id.Value)).Concat(post.Audience.Groups ?? []))}</span>"""
            : Html.None;
        var ledger = post.Ledger is { Count: > 0 } lines
            ? (Html)$"""<ul class="ledger" aria-label="Where it is published">{Html.Each(lines, line => Line(context, post.Id, line, now))}</ul>"""
            : $"""<p class="muted">It goes to no network: none was connected when you shared it.</p>""";
        return $"""
            <article class="card post" aria-label="{post.Resource.Name}">
            <p class="facts">{Figures.Moment(post.At, now)}{PostCard.Badge(context, post.Audience.Kind)}{people}</p>
            {said}
            {PostCard.ResourceBox(context, post.Resource)}
            {PostCard.Library(context, post.Library)}
            {ledger}
            {Actions(context, post)}
            </article>
            """;
    }

    static Html Line(HttpContext context, PostId post, LedgerLine line, DateTimeOffset now)
    {
        var (tone, state) = line.State switch
        {
            PublishState.Sent => ("good", "Published"),
            PublishState.Queued => ("", "On its way"),
            PublishState.Waiting => ("warn", "Waiting"),
            PublishState.NeedsLogin => ("warn", "Sign in again"),
            PublishState.Refused => ("bad", "Refused"),
            _ => ("bad", "Not known"),
        };
        var why = line.Reason ?? (line.State == PublishState.NeedsLogin ? "Connect the network again with a new token." : null);
        Html reason = why is null && line.Until is null ? Html.None
            : $"""<span class="facts">{why}{(line.Until is { } until ? $" Tried again {Figures.In(until, now)}." : "")}</span>""";
        Html address = line.Address is { } at ? $"""<a href="{at}" rel="noreferrer">Look at it there</a>""" : Html.None;
        Html retry = line.State is PublishState.Waiting or PublishState.NeedsLogin or PublishState.Unknown
            && context.RequestServices.GetService<Outbox>() is not null
            ? $"""
            <form method="post" action="{PagesSite.Page(context, "/me/retry")}">{SharingPage.Fields(context, ("post", post.Value), ("network", line.Network))}
            <button class="button quiet">Try again<span class="hidden"> at {line.Network}</span></button></form>
            """
            : Html.None;
        return $"""<li><span class="line"><strong>{line.Network}</strong><span class="pill {tone}">{state}</span></span>{reason}{address}{retry}</li>""";
    }

    static Html Actions(HttpContext context, SharedPost post)
    {
        var assets = context.RequestServices.GetRequiredService<PageAssets>();
        Html thread = PagesSite.Of(context).HasNetwork && post.Ledger?.Any(line => line is { Network: "sharing", State: PublishState.Sent }) == true
            ? $"""<a class="button quiet" href="{PagesSite.Page(context, $"/posts/{post.Id}")}">{assets.Glyph(context, "comment")}<span>Comments</span></a>"""
            : Html.None;
        return $"""
            <div class="actions">
            <a class="button quiet" href="{DownloadLink.Of(context, post.Link).Address}">{assets.Glyph(context, "download")}<span>Download</span></a>
            {thread}
            <details class="confirm"><summary class="button quiet">Withdraw<span class="hidden"> {post.Resource.Name}</span></summary>
            <form class="ask" method="post" action="{PagesSite.Page(context, "/me/withdraw")}">{SharingPage.Fields(context, ("post", post.Id.Value))}
            <p>Its link stops working for everybody. This cannot be undone.</p><button class="button danger">Withdraw it</button></form></details></div>
            """;
    }
}
