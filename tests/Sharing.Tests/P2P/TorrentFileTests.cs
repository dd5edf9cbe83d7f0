using System.Security.Cryptography;
using System.Text;
using Sharing.P2P;
using Sharing.Tests.Content;
using Sharing.Trials.Scripted;

namespace Sharing.Tests.P2P;

public sealed class TorrentFileTests
{
    const int MiB = 1024 * 1024;

    [Theory]
    [InlineData(1)]
    [InlineData(16 * 1024)]
    [InlineData((16 * 1024) + 1)]
    [InlineData((3 * 16 * 1024) - 1)]
    [InlineData(MiB)]
    [InlineData(MiB + 1)]
    [InlineData(3 * MiB)]
    [InlineData((5 * MiB) - 7)]
    [InlineData((6 * MiB) + (40 * 1024))]
    [Trait("Row", "D4")]
    public async Task Info_hashes_are_those_that_libtorrent_gives_the_same_file(int length)
    {
        using var folder = new TemporaryFolder();
        var bytes = Samples.Random(length, length);
        var path = folder.Join("film ü.mkv");
        await File.WriteAllBytesAsync(path, bytes, TestContext.Current.CancellationToken);
        var hashes = HashesOf(bytes);
        foreach (var version in (TorrentVersion[])[TorrentVersion.One, TorrentVersion.Two, TorrentVersion.Hybrid])
        {
            await File.WriteAllBytesAsync(folder.Join($"{version}"), TorrentFile.Write(version, "film ü.mkv", hashes, [new("http://127.0.0.1/")], "").ToArray(), TestContext.Current.CancellationToken);
        }

        var script = Path.Combine(Laws.Repository.Root, "tests", "Sharing.Tests", "P2P", "torrents.py");
        var said = await SaidAsync("/usr/bin/python3", script, "hashes", path, $"{hashes.PieceLength}", folder.Join("One"), folder.Join("Two"), folder.Join("Hybrid"));
        Assert.Equal(6, said.Length);
        Assert.Equal(said[..3], said[3..]);
        Assert.Equal(3, said.Distinct().Count());
    }

    [Fact]
    [Trait("Row", "D4")]
    public void Values_are_written_as_BEP_3_says()
    {
        var written = new Bencode().Dictionary(
            (Key("spam"), static value => value.List(["a", "bc"])), (Key("b"), static value => value.Number(-7)), (Key("ä"), static value => value.Text("ü")), (Key("a"), static value => value.Bytes([])));
        Assert.Equal("d1:a0:1:bi-7e4:spaml1:a2:bce2:ä2:üe", Encoding.UTF8.GetString(written.Written.Span));
        static ReadOnlyMemory<byte> Key(string text) => Encoding.UTF8.GetBytes(text);
    }

    [Fact]
    [Trait("Row", "D4")]
    public void The_empty_file_has_no_pieces()
    {
        var hashes = HashesOf([]);
        Assert.True(hashes.Sha256Pieces.IsEmpty && hashes.Sha1Pieces.IsEmpty && hashes.TreeRoot.IsEmpty && hashes.TreeLayer.IsEmpty);
        Assert.Equal(SHA256.HashData([]), hashes.Sha256.ToArray());
        Assert.Contains("d4:infod9:file treed1:nd0:d6:lengthi0eeee6:lengthi0e12:meta versioni2e", Encoding.ASCII.GetString(TorrentFile.Write(TorrentVersion.Hybrid, "n", hashes, [], "").Span).Replace("7:comment0:", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Row", "D4")]
    public void Hashes_are_those_of_the_pieces_however_the_bytes_come()
    {
        var bytes = Samples.Random(3, (3 * MiB) + 9);
        var (whole, parts) = (HashesOf(bytes), new ContentHasher(new(default, bytes.Length)));
        for (var (at, length) = (0, 1); at < bytes.Length; (at, length) = (at + length, Math.Min(length * 3, bytes.Length - at - length)))
        {
            parts.Append(bytes.AsSpan(at, length));
        }

        var same = parts.Finish();
        Assert.Equal(SHA256.HashData(bytes), whole.Sha256.ToArray());
        Assert.Equal(SHA256.HashData(bytes.AsSpan(MiB, MiB)), whole.Sha256Pieces.Slice(32, 32).ToArray());
        Assert.Equal(AllOf(whole), AllOf(same));
        parts.Dispose();
        static byte[] AllOf(ContentHashes hashes) =>
            [.. hashes.Sha256.Span, .. hashes.Sha256Pieces.Span, .. hashes.Sha1Pieces.Span, .. hashes.TreeRoot.Span, .. hashes.TreeLayer.Span];
    }

    [Theory]
    [InlineData(0, MiB)]
    [InlineData(2048L * MiB, MiB)]
    [InlineData((2048L * MiB) + 1, 2 * MiB)]
    [InlineData(ContentHashes.MostLength, 1 << 30)]
    [Trait("Row", "D4")]
    public void Pieces_are_no_more_than_2048(long length, int piece) => Assert.Equal(piece, ContentHashes.PieceLengthOf(length));

    static ContentHashes HashesOf(byte[] bytes)
    {
        using var hasher = new ContentHasher(new(default, bytes.Length));
        hasher.Append(bytes);
        return hasher.Finish();
    }

    static async Task<string[]> SaidAsync(string tool, params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(tool, arguments) { RedirectStandardOutput = true })!;
        var said = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        return said.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
