using Sharing.Core;
using Sharing.P2P;
using Sharing.Terminal;
using Sharing.Trials.Scripted;
using Spectre.Console;

namespace Sharing.Tests.P2P;

[Trait("Row", "D5")]
public sealed class ChunkMapTests
{
    [Fact]
    public void Chunks_are_written_as_runs_and_read_again()
    {
        ChunkView[] chunks =
        [
            .. Enumerable.Repeat(new ChunkView(ChunkState.Here, 0), 12), new(ChunkState.Here, 3), new(ChunkState.Partial, 1), new(ChunkState.Asked, 1),
            .. Enumerable.Repeat(new ChunkView(ChunkState.Missing, -1), 5), new(ChunkState.Here, -1),
        ];
        Assert.Equal("h0*12,h3,p1,a1,m*5,h", ChunkMap.Write(chunks));
        Assert.Equal(chunks, ChunkMap.Read("h0*12,h3,p1,a1,m*5,h", chunks.Length));
        Assert.Equal("", ChunkMap.Write([]));
        Assert.Empty(ChunkMap.Read("h0*12", 0));
        var random = new Random(4);
        for (var round = 0; round < 200; round++)
        {
            var any = Enumerable.Range(0, random.Next(300)).Select(_ => new ChunkView((ChunkState)random.Next(4), (short)random.Next(-1, 3))).ToArray();
            Assert.Equal(any, ChunkMap.Read(ChunkMap.Write(any), any.Length));
        }
    }

    [Theory]
    [InlineData("h0*99999999999")]
    [InlineData("x,h*3")]
    [InlineData("h-4*2,,*")]
    [InlineData("h*2147483647,h*2147483647")]
    [InlineData("h99999999")]
    public void What_is_no_map_is_read_as_far_as_it_is_one(string text) => Assert.Equal(10, ChunkMap.Read(text, 10).Length);

    [Fact]
    public void The_map_has_a_letter_for_each_source_and_a_legend_with_rates_and_shares()
    {
        var view = View(
            [new(ChunkState.Here, 1), new(ChunkState.Here, 1), new(ChunkState.Here, 0), new(ChunkState.Partial, 0), new(ChunkState.Asked, 1), new(ChunkState.Missing, -1), new(ChunkState.Here, -1)],
            [Source("share.example.org", SourceKind.Server, brought: 1_000_000), Source("10.0.0.7:7400", SourceKind.Peer, brought: 4_000_000, wasted: 1_000_000, rate: 2_500_000, queued: 1)]);
        var lines = ChunkMapText.Lines(view).ToList();
        Assert.Equal("BBAab.#", lines[1]);
        Assert.Matches(@"^B  10\.0\.0\.7:7400 +terminal +2\.5 MB/s +4\.0 MB +75 %$", lines[2]);
        Assert.Matches(@"^A  share\.example\.org +server +idle +1\.0 MB +25 %$", lines[3]);
    }

    [Fact]
    public void It_fits_80_columns_and_a_screen_however_much_there_is()
    {
        var chunks = Enumerable.Range(0, 16 * 1024).Select(i => new ChunkView((ChunkState)(i / 4096), (short)(i % 40))).ToArray();
        var view = View(chunks, [.. Enumerable.Range(0, 40).Select(i => Source(new string((char)('a' + (i % 26)), 200) + "\u001b[31m" + i, SourceKind.Peer, brought: long.MaxValue / 100, rate: 1e15))]) with
        {
            Name = new string('n', 300) + "\n\u001b[2J", Length = long.MaxValue, Done = long.MaxValue / 3, BytesPerSecond = 1e15,
        };
        var lines = ChunkMapText.Lines(view).ToList();
        Assert.All(lines, line => Assert.InRange(line.Length, 1, 80));
        Assert.InRange(lines.Count, 10, 24);
        Assert.DoesNotContain(lines, line => line.Contains('\u001b', StringComparison.Ordinal));
    }

    [Fact]
    public void In_colour_it_is_the_same_text_and_without_any_it_has_none()
    {
        var view = View([new(ChunkState.Here, 0), new(ChunkState.Here, 1), new(ChunkState.Missing, -1)], [Source("a.example.org", SourceKind.Server), Source("10.0.0.7:7400", SourceKind.Peer)]);
        var plain = Drawn(view, ColorSystemSupport.NoColors, AnsiSupport.No);
        Assert.Equal(ChunkMapText.Lines(view), plain.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd()));
        Assert.Contains("\u001b[38;5;", Drawn(view, ColorSystemSupport.EightBit, AnsiSupport.Yes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_output_goes_elsewhere_there_is_a_line_for_each_tenth_and_the_map_at_the_end()
    {
        using var output = new StringWriter();
        var views = Enumerable.Range(0, 21).Select(i => View(
            [.. Enumerable.Range(0, 20).Select(chunk => chunk < i ? new ChunkView(ChunkState.Here, 0) : new(ChunkState.Missing, -1))], [Source("a.example.org", SourceKind.Server)]) with { Length = 20, Done = i });
        Assert.Equal(21, await new ChunkMapView.Lines(output).ShowAsync(views.ToAsyncEnumerable(), default).CountAsync());
        var lines = output.ToString().ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(11 + 2, lines.Length);
        Assert.Equal(new string('A', 20), lines[11]);
        Assert.Contains("(100 %)", lines[10], StringComparison.Ordinal);
    }

    static string Drawn(FetchView view, ColorSystemSupport colours, AnsiSupport ansi)
    {
        using var output = new StringWriter { NewLine = "\n" };
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output), ColorSystem = colours, Ansi = ansi });
        console.Profile.Width = 80;
        console.Write(ChunkMapView.Render(view));
        return output.ToString();
    }

    static FetchView View(ChunkView[] chunks, SourceView[] sources) => new()
    {
        Share = ShareId.New(), Name = "film.mkv", Content = Samples.IdOf([1]), Length = chunks.Length, Done = chunks.Count(chunk => chunk.State == ChunkState.Here), ChunkSize = 1, Count = chunks.Length,
        Chunks = ChunkMap.Write(chunks), Sources = sources,
    };

    static SourceView Source(string name, SourceKind kind, long brought = 0, long wasted = 0, double rate = 0, long queued = 0) =>
        new() { Name = name, Kind = kind, BytesBrought = brought, BytesWasted = wasted, BytesPerSecond = rate, QueuedBytes = queued };
}
