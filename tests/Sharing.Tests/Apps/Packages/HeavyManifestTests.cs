using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using Sharing.Apps;

namespace Sharing.Tests.Apps.Packages;

/// <summary>Manifests that are in order, and made to keep a reader busy.</summary>
[Trait("Row", "A6")]
public sealed class HeavyManifestTests
{
    [Theory]
    [InlineData("feature-group", 200_000)]
    [InlineData("uses-feature", 200_000)]
    [InlineData("supports-gl-texture", 150_000)]
    public void Two_hundred_thousand_elements_take_less_than_a_second(string element, int count)
    {
        var document = Document([.. Enumerable.Range(0, 60_000).Select(i => $"n{i}")], Enumerable.Range(0, count).SelectMany(i => Element(element, (uint)(i % 60_000))));
        Timed(() => ManifestReader.Read(document, () => null));
    }

    [Fact]
    public void Strings_that_overlap_are_decoded_within_a_bound()
    {
        const int Count = 200_000;
        var text = new byte[2 + 2 + 0x7000];
        text.AsSpan().Fill((byte)'a');
        new byte[] { 0xf0, 0x00, 0xf0, 0x00 }.CopyTo(text, 0);
        byte[] start = [8, 8, .. "manifest\0"u8, 7, 7, .. "package\0"u8, 1, 1, .. "a\0"u8];
        var pool = Pool([0, 11, 21, 21, .. Enumerable.Repeat((uint)start.Length, Count)], [.. start, .. text]);
        var document = Whole(pool, Enumerable.Range(0, 100_000).SelectMany(i => (byte[])[.. Bare(4 + (uint)i), .. Chunk(0x0103, 16, new byte[16])]));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Timed(() => Assert.Throws<PackageFormatException>(() => ManifestReader.Read(document, () => null)));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 << 20);
    }

    [Fact]
    public void Elements_nested_without_end_are_refused() =>
        Timed(() => Assert.Throws<PackageFormatException>(() => ManifestReader.Read(Document([], Enumerable.Range(0, 100_000).SelectMany(_ => Bare(0))), () => null)));

    static void Timed(Action read)
    {
        var best = TimeSpan.MaxValue;
        for (var i = 0; i < 2 && best.TotalSeconds >= 1; i++)
        {
            var start = Stopwatch.GetTimestamp();
            try
            {
                read();
            }
            catch (PackageFormatException)
            {
            }

            best = TimeSpan.FromTicks(Math.Min(best.Ticks, Stopwatch.GetElapsedTime(start).Ticks));
        }

        Assert.InRange(best.TotalSeconds, 0, 1);
    }

    /// <summary>A manifest of the strings "manifest", "package", "a", "name", all elements' names, and more.</summary>
    static byte[] Document(string[] more, IEnumerable<byte> children)
    {
        string[] strings = ["manifest", "package", "a", "name", "feature-group", "uses-feature", "supports-gl-texture", .. more];
        var (offsets, bytes) = (new List<uint>(), new List<byte>());
        foreach (var text in strings.Select(Encoding.UTF8.GetBytes))
        {
            offsets.Add((uint)bytes.Count);
            bytes.AddRange([(byte)text.Length, (byte)text.Length, .. text, 0]);
        }

        return Whole(Pool(offsets, [.. bytes]), children);
    }

    static byte[] Whole(byte[] pool, IEnumerable<byte> children)
    {
        byte[] map = Chunk(0x0180, 8, [.. Number(0), .. Number(0), .. Number(0), .. Number(0x01010003)]);
        byte[] root = Start(0, Attribute(1, 3, 2));
        byte[] body = [.. pool, .. map, .. root, .. children];
        return [3, 0, 8, 0, .. Number((uint)body.Length + 8), .. body];
    }

    static byte[] Element(string name, uint value) =>
        [.. Start(name switch { "feature-group" => 4, "uses-feature" => 5, _ => 6 }, Attribute(3, 3, 7 + value)), .. Chunk(0x0103, 16, new byte[16])];

    static byte[] Bare(uint name) => Start(name, []);

    static byte[] Start(uint name, byte[] attributes) =>
        Chunk(0x0102, 16, [.. new byte[8], .. new byte[4], .. Number(name), 20, 0, 20, 0, (byte)(attributes.Length / 20), 0, .. new byte[6], .. attributes]);

    static byte[] Attribute(uint name, byte type, uint data) => [.. Number(0), .. Number(name), .. Number(0), 8, 0, 0, type, .. Number(data)];

    static byte[] Pool(IEnumerable<uint> offsets, byte[] strings)
    {
        byte[] places = [.. offsets.SelectMany(Number)];
        return Chunk(1, 28, [.. Number((uint)places.Length / 4), .. Number(0), .. Number(0x100), .. Number(28 + (uint)places.Length), .. Number(0), .. places, .. strings]);
    }

    static byte[] Chunk(ushort type, ushort header, byte[] rest) => [(byte)type, (byte)(type >> 8), (byte)header, 0, .. Number((uint)rest.Length + 8), .. rest];

    static byte[] Number(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return bytes;
    }
}
