using System.Text;

namespace Sharing.Apps;

/// <summary>A section of a JAR manifest or signature file: its attributes, and where it lies.</summary>
sealed class JarSection
{
    const int MostAttributes = 64;
    readonly Dictionary<string, string> _attributes = new(StringComparer.OrdinalIgnoreCase);

    public int Start { get; private init; }

    /// <summary>Where the next section starts.</summary>
    public int End { get; private set; }

    public IReadOnlyDictionary<string, string> Attributes => _attributes;

    public string? this[string attribute] => _attributes.GetValueOrDefault(attribute);

    /// <summary>Reads all sections: the main one, and at most <paramref name="most"/> others.</summary>
    public static List<JarSection> ReadAll(ReadOnlySpan<byte> text, int most)
    {
        var sections = new List<JarSection>();
        var at = 0;
        while (at < text.Length)
        {
            if (sections.Count > most)
            {
                throw Fault();
            }

            var section = new JarSection { Start = at };
            at = section.Read(text, at);
            section.End = at;
            sections.Add(section);
        }

        return sections.Count > 0 ? sections : throw Fault();
    }

    int Read(ReadOnlySpan<byte> text, int at)
    {
        var line = new List<byte>();
        var blank = false;
        while (at < text.Length && !blank)
        {
            var length = Math.Max(text[at..].IndexOfAny((byte)'\r', (byte)'\n'), -1);
            var end = length < 0 ? text.Length : at + length;
            blank = end == at;
            if (end > at && text[at] == ' ')
            {
                line.AddRange(line.Count > 0 ? text[(at + 1)..end] : throw Fault());
            }
            else
            {
                Take(line);
                line.AddRange(text[at..end]);
            }

            at = end == text.Length ? end : text[end] == '\r' && end + 1 < text.Length && text[end + 1] == '\n' ? end + 2 : end + 1;
        }

        Take(line);
        return SkipBlank(text, at);
    }

    /// <summary>Blank lines after a section belong to it.</summary>
    static int SkipBlank(ReadOnlySpan<byte> text, int at)
    {
        while (at < text.Length && text[at] is (byte)'\r' or (byte)'\n')
        {
            at++;
        }

        return at;
    }

    void Take(List<byte> line)
    {
        if (line.Count > 0)
        {
            var text = Encoding.UTF8.GetString([.. line]);
            var colon = text.IndexOf(": ", StringComparison.Ordinal);
            if (colon <= 0 || _attributes.Count == MostAttributes || !_attributes.TryAdd(text[..colon], text[(colon + 2)..]))
            {
                throw Fault();
            }

            line.Clear();
        }
    }

    static PackageFormatException Fault() => new(PackageFault.Signature, "A manifest of the JAR signature is damaged.");
}
