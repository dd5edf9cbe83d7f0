using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Sharing.Tests.Apps.Packages;

/// <summary>Makes ZIP files that honest tools do not make.</summary>
sealed class ZipForge
{
    readonly List<byte> _file = [];
    readonly List<byte> _directory = [];
    int _count;

    public byte[] Prefix { get; init; } = [];

    public ZipForge Add(string name, byte[] content, ushort method = 8, ushort flags = 0, string? localName = null, uint? size = null, ushort? localMethod = null)
    {
        var data = method == 8 ? Deflate(content) : content;
        var start = (uint)(Prefix.Length + _file.Count);
        byte[] common = [.. Word(20), .. Word(flags), .. Word(method), .. new byte[8], .. Long((uint)data.Length), .. Long(size ?? (uint)content.Length)];
        byte[] local = [.. Word(20), .. Word(flags), .. Word(localMethod ?? method), .. common[6..]];
        var (outer, inner) = (Encoding.Latin1.GetBytes(name), Encoding.Latin1.GetBytes(localName ?? name));
        _file.AddRange([.. "PK\u0003\u0004"u8, .. local, .. Word((ushort)inner.Length), .. Word(0), .. inner, .. data]);
        _directory.AddRange([.. "PK\u0001\u0002"u8, .. Word(20), .. common, .. Word((ushort)outer.Length), .. new byte[12], .. Long(start), .. outer]);
        _count++;
        return this;
    }

    public byte[] Build(byte[]? comment = null, ushort? count = null, uint? start = null)
    {
        comment ??= [];
        return [.. Prefix, .. _file, .. _directory, .. End(count ?? (ushort)_count, (uint)_directory.Count, start ?? (uint)(Prefix.Length + _file.Count), (ushort)comment.Length), .. comment];
    }

    public static byte[] End(ushort count, uint size, uint start, ushort comment) => [.. "PK\u0005\u0006"u8, .. new byte[4], .. Word(count), .. Word(count), .. Long(size), .. Long(start), .. Word(comment)];

    static byte[] Deflate(byte[] content)
    {
        using var into = new MemoryStream();
        using (var deflate = new DeflateStream(into, CompressionLevel.Fastest))
        {
            deflate.Write(content);
        }

        return into.ToArray();
    }

    static byte[] Word(ushort value)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, value);
        return bytes;
    }

    static byte[] Long(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return bytes;
    }
}
