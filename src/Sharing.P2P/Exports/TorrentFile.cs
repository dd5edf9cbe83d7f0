using System.Text;

namespace Sharing.P2P;

/// <summary>Writes a torrent of one file whose bytes come by HTTP (BEP 3, BEP 52, BEP 19). It names no tracker. Thread-safe.</summary>
/// <remarks>Its info-hash depends on the bytes, the name and the version alone: the addresses stand outside. libtorrent takes a torrent that is for version 2 alone for a folder, and puts the file's name
/// behind each address: there they end with a slash.</remarks>
public static class TorrentFile
{
    /// <summary>The media type.</summary>
    public const string MediaType = "application/x-bittorrent";

    /// <summary>The file.</summary>
    /// <param name="version">For which BitTorrent.</param>
    /// <param name="name">The name under which it will be kept.</param>
    /// <param name="hashes">What it is.</param>
    /// <param name="addresses">Where its bytes are, none with a query.</param>
    /// <param name="comment">What is said of it to people.</param>
    public static ReadOnlyMemory<byte> Write(TorrentVersion version, string name, ContentHashes hashes, IEnumerable<Uri> addresses, string comment)
    {
        List<(ReadOnlyMemory<byte>, Action<Bencode>)> entries =
        [
            Entry("comment", value => value.Text(comment)),
            Entry("info", value => value.Dictionary(InfoOf(version, name, hashes))),
            Entry("url-list", value => value.List(addresses.Select(address => address.AbsoluteUri + (version == TorrentVersion.Two ? "/" : "")))),
        ];
        if (version != TorrentVersion.One)
        {
            entries.Add(Entry("piece layers", value => value.Dictionary(hashes.TreeLayer.IsEmpty ? [] : [(hashes.TreeRoot, layer => layer.Bytes(hashes.TreeLayer.Span))])));
        }

        return new Bencode().Dictionary(entries).Written;
    }

    static List<(ReadOnlyMemory<byte>, Action<Bencode>)> InfoOf(TorrentVersion version, string name, ContentHashes hashes)
    {
        List<(ReadOnlyMemory<byte>, Action<Bencode>)> info = [Entry("name", value => value.Text(name)), Entry("piece length", value => value.Number(hashes.PieceLength))];
        if (version != TorrentVersion.Two)
        {
            info.Add(Entry("length", value => value.Number(hashes.Content.Length)));
            info.Add(Entry("pieces", value => value.Bytes(hashes.Sha1Pieces.Span)));
        }

        if (version != TorrentVersion.One)
        {
            List<(ReadOnlyMemory<byte>, Action<Bencode>)> file = [Entry("length", value => value.Number(hashes.Content.Length))];
            if (!hashes.TreeRoot.IsEmpty)
            {
                file.Add(Entry("pieces root", value => value.Bytes(hashes.TreeRoot.Span)));
            }

            info.Add(Entry("file tree", value => value.Dictionary(Entry(name, named => named.Dictionary(Entry("", leaf => leaf.Dictionary(file)))))));
            info.Add(Entry("meta version", static value => value.Number(2)));
        }

        return info;
    }

    static (ReadOnlyMemory<byte> Key, Action<Bencode> Write) Entry(string key, Action<Bencode> write) => (Encoding.UTF8.GetBytes(key), write);
}
