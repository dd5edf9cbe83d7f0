using System.Buffers.Binary;

namespace Sharing.Apps;

/// <summary>Walks a document of Android's binary XML, element by element.</summary>
/// <remarks>
/// Chunks of (type, header size, size): a string pool, a map from attribute names to resource ids, then starts and ends of elements. As lenient as Android: unknown chunks are
/// passed over, and reserved fields may hold anything. Every size is checked, and each step goes forward, so that any input ends.
/// </remarks>
sealed class BinaryXmlReader
{
    const ushort Pool = 0x0001, Start = 0x0102, End = 0x0103, Map = 0x0180;
    const int ChunkHeader = 8, NodeHeader = 16, ElementSize = 20, AttributeSize = 20, MostDepth = 256;
    readonly ReadOnlyMemory<byte> _document;
    StringPool? _strings;
    ReadOnlyMemory<byte> _map;
    ReadOnlyMemory<byte> _attributes;
    int _at, _stride, _count;

    public BinaryXmlReader(ReadOnlyMemory<byte> document)
    {
        var (header, size) = document.Length < ChunkHeader ? (0, 0u)
            : (BinaryPrimitives.ReadUInt16LittleEndian(document.Span[2..]), BinaryPrimitives.ReadUInt32LittleEndian(document.Span[4..]));
        if (header < ChunkHeader || size > document.Length || header > size)
        {
            throw Fault("It is no binary XML.");
        }

        (_document, _at) = (document[..(int)size], header);
    }

    /// <summary>How many elements the one that was read last stands in, itself counted; an end counts as its element.</summary>
    public int Depth { get; private set; }

    /// <summary>Whether a start was read last; else it was an end.</summary>
    public bool IsStart { get; private set; }

    /// <summary>The element's name, at its start.</summary>
    public string Name { get; private set; } = "";

    /// <summary>Goes to the next start or end.</summary>
    /// <returns>Whether there is one.</returns>
    public bool Read()
    {
        if (!IsStart && Depth > 0)
        {
            Depth--; // leaving the element that ended
        }

        while (_document.Length - _at >= ChunkHeader)
        {
            var span = _document.Span[_at..];
            var (type, header, size) = (BinaryPrimitives.ReadUInt16LittleEndian(span), BinaryPrimitives.ReadUInt16LittleEndian(span[2..]), BinaryPrimitives.ReadUInt32LittleEndian(span[4..]));
            if (header < ChunkHeader || size < header || size > span.Length)
            {
                throw Fault("A chunk has an impossible size.");
            }

            var chunk = _document.Slice(_at, (int)size);
            _at += (int)size;
            if (Take(type, header, chunk))
            {
                return true;
            }
        }

        return false;
    }

    bool Take(ushort type, ushort header, ReadOnlyMemory<byte> chunk)
    {
        switch (type)
        {
            case Pool when chunk.Length >= StringPool.HeaderSize:
                _strings ??= new(chunk);
                return false;
            case Map:
                _map = chunk[header..];
                return false;
            case Start:
                Begin(header, chunk);
                return true;
            case End:
                IsStart = false;
                return Depth > 0 ? true : throw Fault("An element ends that did not start.");
            default:
                return false;
        }
    }

    void Begin(ushort header, ReadOnlyMemory<byte> chunk)
    {
        if (header < NodeHeader || chunk.Length - header < ElementSize)
        {
            throw Fault("An element has an impossible size.");
        }

        var element = chunk[header..];
        var span = element.Span;
        var (start, stride, count) = (BinaryPrimitives.ReadUInt16LittleEndian(span[8..]), BinaryPrimitives.ReadUInt16LittleEndian(span[10..]), BinaryPrimitives.ReadUInt16LittleEndian(span[12..]));
        if (count > 0 && (stride < AttributeSize || start + ((long)stride * count) > span.Length))
        {
            throw Fault("An element has impossible attributes.");
        }

        (_attributes, _stride, _count, IsStart) = (count > 0 ? element[start..] : default, stride, count, true);
        Depth = Depth < MostDepth ? Depth + 1 : throw Fault("Its elements are nested too deeply.");
        Name = Text(BinaryPrimitives.ReadUInt32LittleEndian(span[4..]));
    }

    /// <summary>The value of an attribute of the element that starts, by its resource id, as Android looks it up.</summary>
    public XmlValue? Value(uint attribute)
    {
        var map = _map.Span;
        var attributes = _attributes.Span;
        for (var i = 0; i < _count; i++)
        {
            var at = attributes[(i * _stride)..];
            var name = BinaryPrimitives.ReadUInt32LittleEndian(at[4..]);
            if (name < map.Length / 4 && BinaryPrimitives.ReadUInt32LittleEndian(map[(4 * (int)name)..]) == attribute)
            {
                return new(at[15], BinaryPrimitives.ReadUInt32LittleEndian(at[16..]));
            }
        }

        return null;
    }

    /// <summary>The value of an attribute that has no resource id, by its name.</summary>
    public XmlValue? Value(string attribute)
    {
        var attributes = _attributes.Span;
        for (var i = 0; i < _count; i++)
        {
            var at = attributes[(i * _stride)..];
            if (string.Equals(Text(BinaryPrimitives.ReadUInt32LittleEndian(at[4..])), attribute, StringComparison.Ordinal))
            {
                return new(at[15], BinaryPrimitives.ReadUInt32LittleEndian(at[16..]));
            }
        }

        return null;
    }

    /// <summary>A string of the document.</summary>
    public string Text(uint index) => _strings?[index] ?? "";

    static PackageFormatException Fault(string message) => new(PackageFault.Manifest, message);
}
