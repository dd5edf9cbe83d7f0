using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sharing.Core;
using Sharing.P2P;

namespace Sharing.AspNetCore;

/// <summary>The shares that this terminal is fetching, and for one of them the map of its chunks. Without script a page is what it was when it was asked for.</summary>
static class TransferPages
{
    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/transfers", ListAsync).ExcludeFromDescription();
        group.MapGet("/transfers/{content}", ShowAsync).ExcludeFromDescription();
        group.MapGet("/transfers/{content}/events", TransferEndpoints.WatchAsync).ExcludeFromDescription(); // for the script: wherever the API is mapped, or is not
        group.MapGet("/transfers/{content}/chunks/{chunk}", TransferEndpoints.ExplainAsync).ExcludeFromDescription();
    }

    static async Task<IResult> ListAsync(HttpContext context, IShareFetches fetches)
    {
        context.SignedIn();
        var running = await fetches.ListAsync(context.RequestAborted).OrderBy(static fetch => fetch.Name, StringComparer.Ordinal).ToListAsync(context.RequestAborted);
        Html list = running.Count > 0 ? (Html)$"""<section class="card"><ul class="ledger">{Html.Each(running, fetch => Line(context, fetch))}</ul></section>"""
            : $"""<section class="card plain"><h2>Nothing is being fetched</h2><p>A share that this terminal fetches with others appears here, with who gives which part of it.</p></section>""";
        return SharingPage.Result(context, "Transfers", $"<h1>Transfers</h1>{list}");
    }

    static async Task<IResult> ShowAsync(HttpContext context, IShareFetches fetches)
    {
        context.SignedIn();
        var content = context.Id<ContentId>("content");
        if (await fetches.FindAsync(content, context.RequestAborted) is not { } fetch)
        {
            return ProblemPage.Result(context, ProblemCodes.NotFound, "It is not being fetched, or not any more.");
        }

        var chunk = TransferEndpoints.ChunkOf(context.Request.Query["chunk"]);
        var choice = chunk < 0 ? null : await fetches.ExplainAsync(content, chunk, context.RequestAborted);
        return SharingPage.Result(context, fetch.Name, Body(context, fetch, chunk, choice));
    }

    static Html Body(HttpContext context, FetchView fetch, int chunk, ChunkChoice? choice)
    {
        var assets = context.RequestServices.GetRequiredService<PageAssets>();
        var page = PagesSite.Page(context, $"/transfers/{fetch.Content}");
        return $"""
            <h1 class="name">{fetch.Name}</h1>
            <div class="transfer" data-transfer="{page}">
            <section class="card" aria-labelledby="map"><h2 id="map">Who gives which chunk</h2>
            <p class="line"><strong data-done>{TransferCells.Done(fetch)}</strong><span class="facts" data-rate>{TransferCells.Rate(fetch)}</span></p>
            <nav class="chunks" aria-label="Chunks" data-cells>{TransferCells.Map(page, fetch)}</nav>
            <p class="facts">Filled: it is here. Outlined: asked for. Empty: missing. The letter says from whom.</p>
            <p class="hidden" role="status" data-told></p></section>
            <section class="card" aria-labelledby="why"><h2 id="why">Why from there</h2>
            <form class="chunk" action="{page}"><label for="chunk">Chunk</label>
            <input id="chunk" name="chunk" type="number" inputmode="numeric" min="0" max="{Math.Max(0, fetch.Count - 1)}" value="{Math.Max(0, chunk)}" required><button class="button quiet">Show</button></form>
            <div data-why aria-live="polite">{TransferCells.Why(chunk, choice)}</div></section>
            <section class="card" aria-labelledby="from"><h2 id="from">Sources</h2><ul class="ledger" data-sources>{TransferCells.Sources(fetch)}</ul></section>
            </div>
            <script type="module" src="{assets.Address(context, "transfers.js")}"></script>
            """;
    }

    static Html Line(HttpContext context, FetchView fetch) => $"""
        <li><span class="line"><a href="{PagesSite.Page(context, $"/transfers/{fetch.Content}")}"><strong>{fetch.Name}</strong></a><span class="facts">{TransferCells.Done(fetch)}</span>
        <span class="facts">{TransferCells.Rate(fetch)}</span><span class="facts">{Figures.Some(fetch.Sources.Count(static source => !source.IsDropped), "source")}</span></span></li>
        """;
}
