using System.Globalization;
using System.Security.Cryptography;
using System.Xml;

namespace Sharing.P2P;

/// <summary>Writes a Metalink 4 of one file (RFC 5854), with hashes of its pieces, so that a client can tell which mirror sent it wrong bytes. Thread-safe.</summary>
public static class MetalinkFile
{
    /// <summary>The media type.</summary>
    public const string MediaType = "application/metalink4+xml";

    const string Namespace = "urn:ietf:params:xml:ns:metalink";
    const string Sha256 = "sha-256";

    /// <summary>The file.</summary>
    /// <param name="name">The name under which it will be kept.</param>
    /// <param name="hashes">What it is.</param>
    /// <param name="mirrors">Where its bytes are.</param>
    /// <param name="origin">Where a new Metalink can be had when the addresses hold no more.</param>
    /// <param name="comment">What is said of it to people.</param>
    public static ReadOnlyMemory<byte> Write(string name, ContentHashes hashes, IEnumerable<Mirror> mirrors, Uri origin, string comment)
    {
        using var written = new MemoryStream();
        using (var xml = XmlWriter.Create(written, new() { Indent = true, IndentChars = " ", Encoding = new System.Text.UTF8Encoding(false) }))
        {
            xml.WriteStartElement("metalink", Namespace);
            xml.WriteStartElement("origin", Namespace);
            xml.WriteAttributeString("dynamic", "true");
            xml.WriteString(origin.AbsoluteUri);
            xml.WriteEndElement();
            xml.WriteStartElement("file", Namespace);
            xml.WriteAttributeString("name", string.Concat(name.Select(static c => XmlConvert.IsXmlChar(c) || char.IsSurrogate(c) ? c : '_')));
            xml.WriteElementString("description", Namespace, comment);
            xml.WriteElementString("size", Namespace, Text(hashes.Content.Length));
            WriteHash(xml, hashes.Sha256.Span, Sha256);
            WritePieces(xml, hashes);
            foreach (var mirror in mirrors)
            {
                xml.WriteStartElement("url", Namespace);
                xml.WriteAttributeString("priority", Text(mirror.Priority));
                xml.WriteString(mirror.Address.AbsoluteUri);
                xml.WriteEndElement();
            }

            xml.WriteEndElement();
            xml.WriteEndElement();
        }

        return written.ToArray();
    }

    static void WritePieces(XmlWriter xml, ContentHashes hashes)
    {
        if (hashes.Sha256Pieces.IsEmpty)
        {
            return;
        }

        xml.WriteStartElement("pieces", Namespace);
        xml.WriteAttributeString("length", Text(hashes.PieceLength));
        xml.WriteAttributeString("type", Sha256);
        for (var piece = 0; piece < hashes.Sha256Pieces.Length; piece += SHA256.HashSizeInBytes)
        {
            WriteHash(xml, hashes.Sha256Pieces.Span.Slice(piece, SHA256.HashSizeInBytes), null);
        }

        xml.WriteEndElement();
    }

    static void WriteHash(XmlWriter xml, ReadOnlySpan<byte> hash, string? type)
    {
        xml.WriteStartElement("hash", Namespace);
        if (type is not null)
        {
            xml.WriteAttributeString("type", type);
        }

        xml.WriteString(Convert.ToHexStringLower(hash));
        xml.WriteEndElement();
    }

    static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
