using System.Globalization;
using System.Text;
using Sharing.Core;

namespace Sharing.P2P;

/// <summary>Chunks with their states and sources as text: runs like "h0*12,h3,p1,a1,m*5", each a state (<c>h</c> here, <c>p</c> its beginning is here, <c>a</c> asked for,
/// <c>m</c> missing), the source's place in the list where one brought it or is asked for it, and how many follow each other.</summary>
public static class ChunkMap
{
    const string States = "maph";

    /// <summary>As text.</summary>
    public static string Write(IReadOnlyList<ChunkView> chunks)
    {
        var text = new StringBuilder();
        for (var first = 0; first < chunks.Count;)
        {
            var end = first + 1;
            while (end < chunks.Count && chunks[end] == chunks[first])
            {
                end++;
            }

            text.Append(first > 0 ? "," : "").Append(States[(int)chunks[first].State]);
            text.Append(CultureInfo.InvariantCulture, $"{(chunks[first].Source >= 0 ? chunks[first].Source : null as short?)}");
            text.Append(CultureInfo.InvariantCulture, $"{(end - first > 1 ? $"*{end - first}" : "")}");
            first = end;
        }

        return text.ToString();
    }

    /// <summary>Reads as many chunks as there are said to be; what is no run of that form is missing.</summary>
    /// <param name="text">The text.</param>
    /// <param name="count">How many chunks there are.</param>
    public static ChunkView[] Read(string text, int count)
    {
        var chunks = new ChunkView[count];
        Array.Fill(chunks, new(ChunkState.Missing, -1));
        var next = 0;
        foreach (var range in text.AsSpan().Split(','))
        {
            var run = text.AsSpan(range);
            var state = run.Length > 0 ? States.IndexOf(run[0], StringComparison.Ordinal) : -1;
            var star = run.IndexOf('*');
            var times = 1;
            if (state < 0 || (star >= 0 && !int.TryParse(run[(star + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out times)))
            {
                break;
            }

            var source = short.TryParse(run[1..(star < 0 ? run.Length : star)], NumberStyles.None, CultureInfo.InvariantCulture, out var said) ? said : (short)-1;
            var end = (int)Math.Min(count, next + (long)times);
            Array.Fill(chunks, new((ChunkState)state, source), next, end - next);
            next = end;
        }

        return chunks;
    }
}
