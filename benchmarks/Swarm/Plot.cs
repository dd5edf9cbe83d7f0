using System.Globalization;
using System.Text;

namespace Sharing.Swarm;

/// <summary>A line chart as SVG, that can be read on a light and on a dark page. Nothing is loaded from elsewhere.</summary>
sealed class Plot(string title, string about, string across, string up)
{
    const double Left = 70;
    const double Top = 50;
    const double Width = 620;
    const double Height = 270;

    readonly List<(string Name, (double X, double Y)[] Points)> _lines = [];

    /// <summary>Whether each step to the right is ten times as many.</summary>
    public bool IsLogarithmic { get; init; }

    /// <summary>What the vertical axis begins with.</summary>
    public double From { get; init; }

    public Plot Line(string name, IEnumerable<(double X, double Y)> points)
    {
        _lines.Add((name, [.. points]));
        return this;
    }

    public string Svg()
    {
        var all = _lines.SelectMany(line => line.Points).ToArray();
        var (left, right) = (all.Min(p => p.X), Math.Max(all.Max(p => p.X), all.Min(p => p.X) + 1e-9));
        var step = Step(all.Max(p => p.Y) - From);
        var top = From + (Math.Ceiling(((all.Max(p => p.Y) - From) / step) + 1e-9) * step);
        double X(double x) => Left + (Width * (IsLogarithmic ? Math.Log(x / left) / Math.Log(right / left) : (x - left) / (right - left)));
        double Y(double y) => Top + (Height * (top - y) / (top - From));
        var svg = new StringBuilder();
        Head(svg);
        for (var y = From; y <= top + (step / 1000); y += step)
        {
            Add(svg, $"<path class=\"grid\" d=\"M{Left} {Y(y):0.#}H{Left + Width}\"/><text class=\"soft\" x=\"{Left - 8}\" y=\"{Y(y) + 4:0.#}\" text-anchor=\"end\">{y:0.###}</text>");
        }

        foreach (var x in IsLogarithmic ? Decades(left, right) : Steps(left, right))
        {
            Add(svg, $"<path class=\"grid\" d=\"M{X(x):0.#} {Top}V{Top + Height}\"/><text class=\"soft\" x=\"{X(x):0.#}\" y=\"{Top + Height + 18}\" text-anchor=\"middle\">{x:#,0.##}</text>");
        }

        for (var i = 0; i < _lines.Count; i++)
        {
            var (name, points) = _lines[i];
            Add(svg, $"<path class=\"line c{i}\" d=\"M{string.Join('L', points.Select(p => string.Create(CultureInfo.InvariantCulture, $"{X(p.X):0.#} {Y(p.Y):0.#}")))}\"/>");
            Add(svg, $"<path class=\"line c{i}\" d=\"M{Left + Width + 14} {Top + 10 + (24 * i)}h22\"/><text class=\"ink\" x=\"{Left + Width + 42}\" y=\"{Top + 14 + (24 * i)}\">{name}</text>");
        }

        return svg.Append("</svg>\n").ToString();
    }

    void Head(StringBuilder svg)
    {
        Add(svg, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 920 380\" font-family=\"system-ui, sans-serif\" font-size=\"13\" role=\"img\" aria-labelledby=\"t d\">");
        Add(svg, $"<title id=\"t\">{title}</title><desc id=\"d\">{about}</desc>");
        svg.Append("""
            <style>
              .ink { fill: #1c2434 } .soft { fill: #4a5670 } .grid { stroke: #c9d1e0; stroke-width: 1; fill: none } .line { fill: none; stroke-width: 2.5; stroke-linejoin: round }
              .c0 { stroke: #2458d3 } .c1 { stroke: #c2410c } .c2 { stroke: #15803d } .c3 { stroke: #7e22ce; stroke-dasharray: 6 4 }
              @media (prefers-color-scheme: dark) { .ink { fill: #eef2fb } .soft { fill: #b6c1d8 } .grid { stroke: #3a465e } .c0 { stroke: #7ea2ff } .c1 { stroke: #fb923c } .c2 { stroke: #4ade80 } .c3 { stroke: #d8a4ff } }
            </style>

            """);
        Add(svg, $"<text class=\"ink\" x=\"{Left}\" y=\"24\" font-size=\"16\">{title}</text><text class=\"soft\" x=\"{Left + (Width / 2)}\" y=\"{Top + Height + 44}\" text-anchor=\"middle\">{across}</text>");
        Add(svg, $"<text class=\"soft\" transform=\"translate(18 {Top + (Height / 2)}) rotate(-90)\" text-anchor=\"middle\">{up}</text>");
    }

    static void Add(StringBuilder svg, FormattableString text) => svg.Append(text.ToString(CultureInfo.InvariantCulture)).Append('\n');

    static double Step(double span)
    {
        var rough = Math.Max(span, 1e-9) / 6;
        var ten = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        return ten * (rough / ten <= 1 ? 1 : rough / ten <= 2 ? 2 : rough / ten <= 5 ? 5 : 10);
    }

    static IEnumerable<double> Steps(double left, double right)
    {
        var step = Step(right - left);
        for (var x = Math.Ceiling(left / step) * step; x <= right + (step / 1000); x += step)
        {
            yield return x;
        }
    }

    static IEnumerable<double> Decades(double left, double right)
    {
        for (var x = Math.Pow(10, Math.Ceiling(Math.Log10(left) - 1e-9)); x <= right * 1.001; x *= 10)
        {
            yield return x;
        }
    }
}
