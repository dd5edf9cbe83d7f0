using System.Globalization;
using System.Text;
using Sharing.Core;
using Sharing.P2P;

namespace Sharing.Terminal;

/// <summary>A fetch as a small map in text: a letter for the source of each chunk, or of several, and below it what each source does. Fits 80 columns.</summary>
/// <remarks>A capital letter: here, from that source. A small one: asked of it, or partly here. <c>#</c>: here from before. <c>.</c>: missing.</remarks>
static class ChunkMapText
{
    const int Width = 64;
    const int MostRows = 8;
    const int MostSources = 12;
    const int NameWidth = 30;

    /// <summary>The map: rows of cells, each with its source's place (-1: none).</summary>
    public static IReadOnlyList<IReadOnlyList<(char Sign, int Source)>> Rows(FetchView view)
    {
        var chunks = ChunkMap.Read(view.Chunks, view.Count);
        var each = Math.Max(1, (chunks.Length + (Width * MostRows) - 1) / (Width * MostRows));
        return [.. chunks.Chunk(each).Select(Cell).Chunk(Width)];
    }

    /// <summary>Why a part of it is as it is: the sources, those that brought most first.</summary>
    public static IEnumerable<(string Text, int Source)> Legend(FetchView view)
    {
        var all = Math.Max(1, view.Sources.Sum(Kept));
        var sources = view.Sources.Select(static (source, place) => (source, place)).OrderByDescending(one => Kept(one.source)).ThenBy(one => one.place).ToList();
        foreach (var (source, place) in sources.Take(MostSources))
        {
            var state = source.IsDropped ? "dropped" : source.BytesPerSecond > 0 && source.QueuedBytes > 0 ? Output.Bytes(source.BytesPerSecond) + "/s" : "idle";
            yield return (string.Create(
                CultureInfo.InvariantCulture,
                $"{Letter(place)}  {Short(Output.Line(source.Name)),-NameWidth}  {KindOf(source.Kind),-8}  {state,10}  {Output.Bytes(source.BytesBrought),8}  {Percent(Kept(source), all),3} %"), place);
        }

        if (sources.Count > MostSources)
        {
            yield return ($"   and {sources.Count - MostSources} others", -1);
        }
    }

    /// <summary>How far it is, in one line.</summary>
    public static string Head(FetchView view) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Short(Output.Line(view.Name))}  {Output.Bytes(view.Done)} of {Output.Bytes(view.Length)} ({Percent(view.Done, view.Length)} %)  {Output.Bytes(view.BytesPerSecond)}/s");

    /// <summary>All of it, without colour.</summary>
    public static IEnumerable<string> Lines(FetchView view) => [Head(view), .. Rows(view).Select(TextOf), .. Legend(view).Select(static line => line.Text)];

    /// <summary>A row without colour.</summary>
    public static string TextOf(IReadOnlyList<(char Sign, int Source)> row) => row.Aggregate(new StringBuilder(), static (text, cell) => text.Append(cell.Sign), static text => text.ToString());

    /// <summary>A source's letter, by its place; beyond Z it is <c>+</c>.</summary>
    static char Letter(int source) => source < 26 ? (char)('A' + source) : '+';

    /// <summary>What most of some chunks are.</summary>
    static (char Sign, int Source) Cell(ChunkView[] chunks)
    {
        var most = chunks.GroupBy(static chunk => chunk).MaxBy(static same => same.Count())!.Key;
        return most.State switch
        {
            ChunkState.Missing => ('.', -1),
            ChunkState.Here => (most.Source < 0 ? '#' : Letter(most.Source), most.Source),
            _ => (most.Source < 0 ? '.' : char.ToLowerInvariant(Letter(most.Source)), most.Source),
        };
    }

    static int Percent(long part, long all) => all == 0 ? 100 : (int)(100.0 * part / all);

    static long Kept(SourceView source) => Math.Max(0, source.BytesBrought - source.BytesWasted);

    static string KindOf(SourceKind kind) => kind switch { SourceKind.Server => "server", SourceKind.Origin => "origin", _ => "terminal" };

    static string Short(string name) => name.Length <= NameWidth ? name : string.Create(CultureInfo.InvariantCulture, $"{name[..(NameWidth - 11)]}…{name[^10..]}");
}
