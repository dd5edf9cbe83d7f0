using System.Diagnostics;
using Sharing.Apps;
using Sharing.Trials.Apk;

namespace Sharing.Tests.Apps.Packages;

[Trait("Row", "A6")]
public sealed class ZipTrickTests
{
    const string Manifest = "AndroidManifest.xml";
    static readonly Lazy<byte[]> s_manifest = new(() => PackageFiles.Entry("plain", Manifest));

    static ZipForge Good(ushort method = 8, ushort flags = 0) => new ZipForge().Add(Manifest, s_manifest.Value, method, flags);

    static byte[] Trick(string trick) => trick switch
    {
        "two of one name" => Good().Add(Manifest, s_manifest.Value).Build(),
        "NUL in a name" => Good().Add("lib/x86\0/a", []).Build(),
        "newline in a name" => Good().Add("META-INF/A\nName: B", []).Build(),
        "a name that climbs" => Good().Add("assets/../../x", []).Build(),
        "a name that starts with .." => Good().Add("../x", []).Build(),
        "an absolute name" => Good().Add("/etc/x", []).Build(),
        "no name" => Good().Add("", []).Build(),
        "encrypted" => Good(flags: 1).Build(),
        "another name in front" => new ZipForge().Add(Manifest, s_manifest.Value, localName: "AndroidManifest.xmk").Build(),
        "another method in front" => new ZipForge().Add(Manifest, s_manifest.Value, localMethod: 0).Build(),
        "larger than it says" => new ZipForge().Add(Manifest, [.. s_manifest.Value, 0], size: (uint)s_manifest.Value.Length).Build(),
        "smaller than it says" => new ZipForge().Add(Manifest, s_manifest.Value, size: (uint)s_manifest.Value.Length + 1).Build(),
        "stored of another size" => new ZipForge().Add(Manifest, s_manifest.Value, method: 0, size: 100).Build(),
        "data before the first entry" => new ZipForge { Prefix = "dex\n035\0"u8.ToArray() }.Add(Manifest, s_manifest.Value).Build(),
        "an end record in the comment" => Good().Build(comment: ZipForge.End(0, 0, 0, 0)),
        "a comment that ends early" => [.. Good().Build(comment: [1, 2, 3]), 4],
        "ZIP64" => Good().Build(count: ushort.MaxValue),
        "ZIP64 by place" => Good().Build(start: uint.MaxValue),
        "more entries than there are" => Good().Build(count: 2),
        "no end" => Good().Build()[..^1],
        "nothing" => [],
        _ => throw new ArgumentException(trick),
    };

    [Theory]
    [InlineData("two of one name")]
    [InlineData("NUL in a name")]
    [InlineData("newline in a name")]
    [InlineData("a name that climbs")]
    [InlineData("a name that starts with ..")]
    [InlineData("an absolute name")]
    [InlineData("no name")]
    [InlineData("encrypted")]
    [InlineData("another name in front")]
    [InlineData("another method in front")]
    [InlineData("larger than it says")]
    [InlineData("smaller than it says")]
    [InlineData("stored of another size")]
    [InlineData("data before the first entry")]
    [InlineData("an end record in the comment")]
    [InlineData("a comment that ends early")]
    [InlineData("ZIP64")]
    [InlineData("ZIP64 by place")]
    [InlineData("more entries than there are")]
    [InlineData("no end")]
    [InlineData("nothing")]
    public void A_file_that_two_readers_would_read_differently_is_refused(string trick)
    {
        using var apk = new MemoryStream(Trick(trick));
        Assert.Throws<PackageFormatException>(() => ApkReader.ReadManifest(apk));
    }

    [Fact]
    public void A_method_that_does_not_exist_means_stored_as_on_Android_and_a_comment_does_no_harm()
    {
        foreach (var bytes in new[] { Good(method: 0x2a1b).Build(), Good(method: 0).Build(), Good().Build(comment: [1, 2, 3]), Good().Add("a..b/..c/x..", []).Build() })
        {
            using var apk = new MemoryStream(bytes);
            Assert.Equal("org.example.plain", ApkReader.ReadManifest(apk).App.Value);
        }
    }

    [Fact]
    public void A_manifest_of_600_megabytes_in_600_kilobytes_is_refused_in_a_moment_and_in_little_memory()
    {
        using var bomb = File.OpenRead(PackageFiles.Made("bomb"));
        var (before, start) = (GC.GetTotalAllocatedBytes(precise: true), Stopwatch.GetTimestamp());
        Assert.Equal(PackageFault.Manifest, Assert.Throws<PackageFormatException>(() => ApkReader.Read(bomb)).Reason);
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 1);
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 64 << 20);
    }

    /// <summary>One that lies about its size is stopped where it said that it ends.</summary>
    [Fact]
    public void A_bomb_that_says_it_is_small_is_refused_as_well()
    {
        using var bomb = new MemoryStream(new ZipForge().Add(Manifest, new byte[100_000_000], size: 4096).Build());
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<PackageFormatException>(() => ApkReader.ReadManifest(bomb));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }
}
