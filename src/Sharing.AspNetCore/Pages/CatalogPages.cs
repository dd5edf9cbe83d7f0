using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sharing.Messaging;

namespace Sharing.AspNetCore;

/// <summary>What the server offers, page by page; what is asked for comes into the inbox (row M1).</summary>
static class CatalogPages
{
    const int PageSize = 30;

    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/catalog", ListAsync).ExcludeFromDescription();
        group.MapPost("/catalog/request", RequestAsync).ExcludeFromDescription();
    }

    static async Task<IResult> ListAsync(HttpContext context, ICatalog catalog, string? kind, string? search, string? cursor)
    {
        var actor = context.SignedIn();
        var query = new CatalogQuery { Kind = kind is { Length: > 0 } ? kind : null, Search = search is { Length: > 0 } ? search : null, Cursor = cursor, Count = PageSize };
        var page = await catalog.ListAsync(actor, query, context.RequestAborted);
        var address = PagesSite.Page(context, "/catalog");
        var now = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        string With(string? of, string? next) => $"{address}?kind={Uri.EscapeDataString(of ?? "")}&search={Uri.EscapeDataString(search ?? "")}{(next is null ? "" : $"&cursor={Uri.EscapeDataString(next)}")}";
        Html Kinds() => Html.Each(page.Items.Select(static item => item.Kind).Append(query.Kind).OfType<string>().Distinct().Order(StringComparer.Ordinal), one => one == query.Kind
            ? (Html)$"""<a class="button" aria-current="true" href="{With(null, null)}">{one}<span class="hidden"> (show all kinds)</span></a>""" : $"""<a class="button quiet" href="{With(one, null)}">{one}</a>""");
        Html items = page.Items.Count == 0 ? (Html)$"""<section class="card plain"><h2>Nothing found</h2><p>{(query.Search is null && query.Kind is null ? "The server offers nothing yet." : "Nothing that the server offers has these words.")}</p></section>"""
            : $"""<section class="card"><ul class="ledger">{Html.Each(page.Items, item => Row(context, item, now))}</ul></section>""";
        Html more = page.Next is { } next ? (Html)$"""<p class="pager"><a class="button quiet" href="{With(query.Kind, next)}">More</a></p>""" : Html.None;
        return SharingPage.Result(context, "Catalogue", $"""
            <div class="column"><h1>Catalogue</h1>{Notice.Done(context)}
            <form class="card stack" role="search" action="{address}"><label for="search">Words in the title or the tags</label><input id="search" name="search" type="search" value="{search}" maxlength="200">
            <input type="hidden" name="kind" value="{query.Kind}"><div class="buttons"><button class="button">Search</button>{Kinds()}</div></form>{items}{more}</div>
            """);
    }

    static async Task<IResult> RequestAsync(HttpContext context, ICatalog catalog)
    {
        var (actor, form) = (context.SignedIn(), await context.Request.ReadFormAsync(context.RequestAborted));
        return CatalogItemId.TryParse(form["item"], out var id) && await catalog.RequestAsync(actor, id, context.RequestAborted) is { } message
            ? new SeeOther(MessagePages.PageOf(context, message.Id)) : ProblemPage.Result(context, ProblemCodes.NotFound, null);
    }

    static Html Row(HttpContext context, CatalogItem item, DateTimeOffset now) => $"""
        <li>{PostCard.Box(context, FileKind.Of(item.Resource.Name, item.Resource.MediaType), item.Title, Facts(item, now))}
        <form method="post" action="{PagesSite.Page(context, "/catalog/request")}">{SharingPage.Fields(context, ("item", item.Id.Value))}<button class="button">Get it<span class="hidden"> {item.Title}</span></button></form></li>
        """;

    static Html Facts(CatalogItem item, DateTimeOffset now)
    {
        Html size = item.Resource.Length is { } length ? (Html)$"""{Figures.Size(length)} · """ : Html.None;
        Html tags = item.Tags.Count == 0 ? Html.None : (Html)$""" · {string.Join(", ", item.Tags)}""";
        return $"""{item.Kind} · {size}{Figures.Moment(item.Added, now)}{tags}""";
    }
}
