using System.Runtime.CompilerServices;
using Sharing.P2P;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Sharing.Terminal;

/// <summary>Shows which source gives which chunk: a map that moves where somebody looks, lines where output goes elsewhere.</summary>
abstract class ChunkMapView
{
    /// <summary>The colours of sources, in the order in which they came; letters say the same.</summary>
    static readonly Color[] Colours = [Color.DodgerBlue1, Color.Green, Color.Orange1, Color.HotPink, Color.MediumPurple, Color.Cyan1, Color.Yellow, Color.Grey];

    /// <summary>The view for this output.</summary>
    public static ChunkMapView ForConsole() => Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Ansi ? new Lines(Console.Out) : new Live();

    /// <summary>Passes the views on, showing each.</summary>
    public abstract IAsyncEnumerable<FetchView> ShowAsync(IAsyncEnumerable<FetchView> views, CancellationToken cancellationToken);

    /// <summary>A view in colour, where the console has any.</summary>
    public static IRenderable Render(FetchView view)
    {
        var text = new Paragraph(ChunkMapText.Head(view) + "\n");
        foreach (var row in ChunkMapText.Rows(view))
        {
            foreach (var (sign, source) in row)
            {
                text.Append(sign.ToString(), StyleOf(source));
            }

            text.Append("\n");
        }

        foreach (var (line, source) in ChunkMapText.Legend(view))
        {
            text.Append(line[..1], StyleOf(source)).Append(line[1..] + "\n");
        }

        return text.Overflow(Overflow.Crop);
    }

    static Style? StyleOf(int source) => source < 0 ? null : new Style(Colours[source % Colours.Length]);

    /// <summary>A line at the beginning and for each tenth; the whole map at the end.</summary>
    internal sealed class Lines(TextWriter output) : ChunkMapView
    {
        public override async IAsyncEnumerable<FetchView> ShowAsync(IAsyncEnumerable<FetchView> views, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            var (told, last) = (-1L, default(FetchView));
            await foreach (var view in views.WithCancellation(cancellationToken))
            {
                last = view;
                var tenth = view.Length == 0 ? 10 : 10 * view.Done / view.Length;
                if (tenth > told)
                {
                    told = tenth;
                    output.WriteLine(ChunkMapText.Head(view));
                }

                yield return view;
            }

            foreach (var line in last is null ? [] : ChunkMapText.Lines(last).Skip(1))
            {
                output.WriteLine(line);
            }
        }
    }

    sealed class Live : ChunkMapView
    {
        public override async IAsyncEnumerable<FetchView> ShowAsync(IAsyncEnumerable<FetchView> views, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            FetchView? last = null;
            await AnsiConsole.Live(new Text("…")).StartAsync(async live =>
            {
                await foreach (var view in views.WithCancellation(cancellationToken))
                {
                    live.UpdateTarget(Render(last = view));
                }
            });
            if (last is not null)
            {
                yield return last;
            }
        }
    }
}
