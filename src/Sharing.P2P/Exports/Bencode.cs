using System.Buffers;
using System.Globalization;
using System.Text;

namespace Sharing.P2P;

/// <summary>Writes the encoding of BEP 3: numbers <c>i7e</c>, strings <c>4:name</c>, lists <c>l…e</c>, dictionaries <c>d…e</c> whose keys are in the order of their bytes. Not thread-safe.</summary>
public sealed class Bencode
{
    readonly ArrayBufferWriter<byte> _written = new();

    /// <summary>What was written.</summary>
    public ReadOnlyMemory<byte> Written => _written.WrittenMemory;

    /// <summary>A number.</summary>
    public Bencode Number(long value) => Ascii(string.Create(CultureInfo.InvariantCulture, $"i{value}e"));

    /// <summary>A string of bytes.</summary>
    public Bencode Bytes(ReadOnlySpan<byte> value)
    {
        Ascii(string.Create(CultureInfo.InvariantCulture, $"{value.Length}:"));
        _written.Write(value);
        return this;
    }

    /// <summary>A string of characters, in UTF-8.</summary>
    public Bencode Text(string value) => Bytes(Encoding.UTF8.GetBytes(value));

    /// <summary>A list of strings.</summary>
    public Bencode List(IEnumerable<string> values)
    {
        Ascii("l");
        foreach (var value in values)
        {
            Text(value);
        }

        return Ascii("e");
    }

    /// <summary>A dictionary.</summary>
    /// <param name="entries">Its keys, and what writes their values.</param>
    public Bencode Dictionary(params IEnumerable<(ReadOnlyMemory<byte> Key, Action<Bencode> Write)> entries)
    {
        Ascii("d");
        foreach (var (key, write) in entries.OrderBy(static entry => entry.Key, Comparer<ReadOnlyMemory<byte>>.Create(static (a, b) => a.Span.SequenceCompareTo(b.Span))))
        {
            Bytes(key.Span);
            write(this);
        }

        return Ascii("e");
    }

    Bencode Ascii(string text)
    {
        _written.Advance(Encoding.ASCII.GetBytes(text, _written.GetSpan(text.Length)));
        return this;
    }
}
