using System.Text;

namespace Sharing.Apps;

/// <summary>A section of a JAR manifest or signature file: where it lies, and those of its attributes on which a signature depends.</summary>
sealed class JarSection
{
    const int MostAttributes = 8;
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

            sections.Add(Read(text, at));
            at = sections[^1].End;
        }

        return sections.Count > 0 ? sections : throw Fault();
    }

    /// <summary>Reads the section that starts at a place.</summary>
    public static JarSection Read(ReadOnlySpan<byte> text, int at)
    {
        var section = new JarSection { Start = at };
        section.End = section.ReadLines(text, at);
        return section;
    }

    int ReadLines(ReadOnlySpan<byte> text, int at)
    {
        var line = new List<byte>();
        var blank = false;
        while (at < text.Length && !blank)
        {
            var length = text[at..].IndexOfAny((byte)'\r', (byte)'\n');
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
            if (colon <= 0 || (Matters(text.AsSpan(0, colon)) && (_attributes.Count == MostAttributes || !_attributes.TryAdd(text[..colon], text[(colon + 2)..]))))
            {
                throw Fault();
            }

            line.Clear();
        }
    }

    static bool Matters(ReadOnlySpan<char> name) =>
        name.Equals("Name", StringComparison.OrdinalIgnoreCase) || name.Equals("X-Android-APK-Signed", StringComparison.OrdinalIgnoreCase) || name.Contains("-Digest", StringComparison.OrdinalIgnoreCase);

    static PackageFormatException Fault() => new(PackageFault.Signature, "A manifest of the JAR signature is damaged.");
}
