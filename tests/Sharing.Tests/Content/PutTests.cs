using Sharing.Core;

namespace Sharing.Tests.Content;

public sealed class PutTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(1_048_575)]
    [InlineData(1_048_576)]
    [InlineData(1_048_577)]
    [InlineData(40_000_003)]
    public async Task A_stream_of_any_length_becomes_a_content_under_its_hash_with_its_group_hashes(int length)
    {
        await using var store = new FolderContentStore(_folder.Join("store"));
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        var hash = new byte[ContentId.Size];
        Blake3.Hash(bytes, hash);
        List<long> told = [];
        var info = await store.PutAsync(new DribblingStream(bytes), new Told(told));
        Assert.Equal(new ContentInfo(new(hash), length), info);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(store.PathOf(info.Id)!));
        Assert.Equal(length, told[^1]);
        Assert.Empty(Directory.GetFiles(_folder.Join("store/partial")));

        await using var reader = (await store.OpenAsync(info.Id))!;
        for (var threads = 1; threads <= 3; threads++)
        {
            var groups = new MemoryStream();
            var again = await GroupHashing.RunAsync(
                (offset, buffer, token) => reader.ReadAsync(ContentArea.Data, offset, buffer, token), length, threads,
                async (first, hashes, token) =>
                {
                    Assert.Equal(groups.Length / ContentId.Size, first);
                    await groups.WriteAsync(hashes, token);
                });
            Assert.Equal(info.Id, again);
            var kept = new byte[groups.Length + 1];
            var count = 0;
            for (int read; (read = await reader.ReadAsync(ContentArea.Groups, count, kept.AsMemory(count))) > 0; count += read)
            {
            }

            Assert.Equal(groups.ToArray(), kept[..count]);
        }
    }

    [Fact]
    public async Task A_stream_that_fails_leaves_nothing()
    {
        await using var store = new FolderContentStore(_folder.Join("store"));
        await Assert.ThrowsAsync<IOException>(() => store.PutAsync(new DribblingStream(new byte[3_000_000]) { FailsAt = 2_500_000 }));
        Assert.Equal("store.lock", Path.GetFileName(Assert.Single(Directory.GetFiles(_folder.Join("store"), "*", SearchOption.AllDirectories))));
    }

    [Fact]
    public async Task Hashing_what_is_shorter_than_it_should_be_is_refused() =>
        await Assert.ThrowsAsync<EndOfStreamException>(() => GroupHashing.RunAsync((_, _, _) => new(0), 10, 1));

    sealed class Told(List<long> told) : IProgress<long>
    {
        public void Report(long value) => told.Add(value);
    }

    /// <summary>Hands its bytes out in odd pieces.</summary>
    sealed class DribblingStream(byte[] bytes) : ReadOnlyStream
    {
        int _position;

        public int FailsAt { get; init; } = int.MaxValue;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_position >= FailsAt)
            {
                throw new IOException("The line broke.");
            }

            var count = Math.Min(Math.Min(buffer.Length, 100_003), bytes.Length - _position);
            bytes.AsMemory(_position, count).CopyTo(buffer);
            _position += count;
            return new(count);
        }
    }
}
