using System.Globalization;
using Sharing.Core;
using Sharing.P2P;

namespace Sharing.AspNetCore;

/// <summary>The parts of a transfer's page. What is here is drawn again by <c>transfers.js</c> as it changes: keep both alike.</summary>
static class TransferCells
{
    /// <summary>At most so many cells: each stands for as many chunks as it takes.</summary>
    const int MostCells = 512;

    /// <summary>So many colours; the letter tells more apart.</summary>
    const int Colours = 8;

    public static string Done(FetchView fetch) => string.Create(
        CultureInfo.InvariantCulture, $"{Figures.Size(fetch.Done)} of {Figures.Size(fetch.Length)} ({Percent(fetch.Done, fetch.Length)} %)");

    public static string Rate(FetchView fetch) => fetch.BytesPerSecond > 0 ? $"{Figures.Size((long)fetch.BytesPerSecond)}/s" : "";

    /// <summary>A letter for a source by its place; after Z it is <c>+</c>.</summary>
    public static string Letter(int source) => source < 0 ? "" : source < 26 ? ((char)('A' + source)).ToString() : "+";

    /// <summary>Each cell: a link to why its first chunk came from there.</summary>
    public static Html Map(string page, FetchView fetch)
    {
        var chunks = ChunkMap.Read(fetch.Chunks, fetch.Count);
        var each = Math.Max(1, (chunks.Length + MostCells - 1) / MostCells);
        return Html.Each(Enumerable.Range(0, (chunks.Length + each - 1) / each), cell => Cell(page, fetch, chunks, cell * each, Math.Min(chunks.Length, (cell + 1) * each)));
    }

    public static Html Why(int chunk, ChunkChoice? choice) => (chunk, choice) switch
    {
        ( < 0, _) => (Html)$"""<p class="muted">Choose a chunk of the map, or type its number.</p>""",
        (_, null) => $"""<p>Chunk {chunk}: nobody was asked for it yet, or it was here before.</p>""",
        (_, var why) => $"""
            <p>Chunk {chunk}: {why.Text}</p>
            <div class="scroll" tabindex="0" role="region" aria-label="What was compared"><table><thead><tr><th scope="col">Source</th><th scope="col">Waiting</th><th scope="col">Latency</th>
            <th scope="col">Transfer</th><th scope="col">Price</th><th scope="col">In all</th></tr></thead><tbody>{Html.Each(why.Compared, Offer)}</tbody></table></div>
            """,
    };

    public static Html Sources(FetchView fetch)
    {
        var total = Math.Max(1, fetch.Sources.Sum(static source => source.BytesBrought - source.BytesWasted));
        return Html.Each(fetch.Sources.Select((source, place) => (source, place)), one => Source(one.source, one.place, total));
    }

    static Html Cell(string page, FetchView fetch, ChunkView[] chunks, int first, int end)
    {
        // What most of its chunks are; of those that are here, who brought most.
        var shown = chunks[first..end].GroupBy(static chunk => chunk).MaxBy(static same => same.Count())!.Key;
        var source = shown.Source >= 0 && shown.Source < fetch.Sources.Count ? fetch.Sources[shown.Source].Name : null;
        var name = (end - first == 1 ? $"Chunk {first}" : $"Chunks {first} to {end - 1}") + shown.State switch
        {
            ChunkState.Here => source is null ? ": was here before" : $": from {source}",
            ChunkState.Partial => $": partly here, {source}",
            ChunkState.Asked => $": asked for, {source}",
            _ => ": missing",
        };
        var state = shown.State.ToString().ToLowerInvariant();
        var colour = shown.Source < 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" s{shown.Source % Colours}");
        return $"""<a class="cell {state}{colour}" href="{page}?chunk={first}" data-chunk="{first}" aria-label="{name}">{Letter(shown.Source)}</a>""";
    }

    static Html Offer(ChunkOffer offer) => offer.Cost is { } cost
        ? (Html)$"""<tr><th scope="row">{offer.Source}</th><td>{Seconds(cost.Waiting)}</td><td>{Seconds(cost.Latency)}</td><td>{Seconds(cost.Transfer)}</td><td>{Seconds(cost.Price)}</td><td>{Seconds(cost.Total)}</td></tr>"""
        : $"""<tr><th scope="row">{offer.Source}</th><td colspan="5">the selector does not say</td></tr>""";

    static int Percent(long part, long all) => all == 0 ? 100 : (int)(100.0 * part / all);

    static string Seconds(double seconds) => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.000} s");

    static Html Source(SourceView source, int place, long total)
    {
        var kind = source.Kind switch { SourceKind.Server => "server", SourceKind.Origin => "origin", _ => "terminal" };
        Html dropped = source.IsDropped ? $"""<span class="pill bad">Dropped</span>""" : source.QueuedBytes > 0 ? $"""<span class="pill good">Asked</span>""" : Html.None;
        var facts = string.Create(
            CultureInfo.InvariantCulture,
            $"{Figures.Size((long)source.BytesPerSecond)}/s, {source.Latency * 1000:0} ms, {Percent(Math.Max(0, source.BytesBrought - source.BytesWasted), total)} %: {Figures.Size(source.BytesBrought)} brought, {Figures.Size(source.BytesWasted)} wasted");
        Html reason = source.Reason is { } why ? $"""<span class="facts">{why}</span>""" : Html.None;
        return $"""
            <li><span class="line"><span class="cell here s{place % Colours}" aria-hidden="true">{Letter(place)}</span><strong>{source.Name}</strong><span class="facts">{kind}</span>{dropped}</span>
            <span class="facts">{facts}</span>{reason}</li>
            """;
    }
}
