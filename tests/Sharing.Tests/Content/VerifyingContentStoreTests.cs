using Microsoft.Extensions.Logging.Abstractions;
using Sharing.Core;
using Sharing.Testing;

namespace Sharing.Tests.Content;

/// <summary>The layers in front of a folder do all that a store does; the suite's ids are no hashes, so nothing is verified there.</summary>
public sealed class RecordedContentStoreTests : ContentStoreSuite
{
    readonly TemporaryFolder _folder = new();

    protected override Task<IContentStore> CreateAsync() =>
        Task.FromResult<IContentStore>(new RecordedContentStore(new FolderContentStore(_folder.Join("store")), new MemoryRecordStore(), 4096));

    protected override ValueTask CleanUpAsync()
    {
        _folder.Dispose();
        return default;
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4096)]
    [InlineData(4097)]
    public async Task A_small_content_is_a_record_and_like_any_other(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        var info = await Store.PutAsync(new MemoryStream(bytes), cancellationToken: Cancel);
        Assert.Equal(length <= 4096, ((FolderContentStore)((DelegatingContentStore)Store).Inner).PathOf(info.Id) is null);
        Assert.Equal(info, await Store.FindAsync(info.Id, Cancel));
        Assert.Equal([info], await Store.ListAsync(Cancel).ToListAsync(Cancel));
        await using (var reader = (await Store.OpenAsync(info.Id, Cancel))!)
        {
            await using var stream = new ContentStream(reader, ContentArea.Data, 0);
            var read = new MemoryStream();
            await stream.CopyToAsync(read, 7, Cancel);
            Assert.Equal(bytes, read.ToArray());
            var hash = new byte[40];
            Assert.Equal(32, await reader.ReadAsync(ContentArea.Groups, 0, hash, Cancel));
            Assert.Equal(info.Id, new ContentId(hash.AsSpan(0, 32)));
        }

        await Store.PutAsync(new MemoryStream(bytes), cancellationToken: Cancel);
        Assert.Single(await Store.ListAsync(Cancel).ToListAsync(Cancel));
        Assert.True(await Store.DeleteAsync(info.Id, Cancel));
        Assert.Null(await Store.FindAsync(info.Id, Cancel));
        Assert.Null(await Store.OpenAsync(info.Id, Cancel));
        Assert.False(await Store.DeleteAsync(info.Id, Cancel));
    }
}

public sealed class VerifyingContentStoreTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly FakeTimeProvider _time = new();
    readonly FolderContentStore _inner;
    readonly VerifyingContentStore _store;

    public VerifyingContentStoreTests()
    {
        _inner = new(_folder.Join("store"), _time);
        _store = new(_inner, TimeSpan.FromMinutes(10), _time, NullLogger<VerifyingContentStore>.Instance);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1, 3)]
    [InlineData(65_536, 65_536)]
    [InlineData(200_000, 1)]
    [InlineData(200_000, 100_000)]
    [InlineData(200_000, 300_000)]
    public async Task What_is_sound_is_handed_out_at_any_offset_in_any_piece(int length, int piece)
    {
        var (info, bytes) = await PutAsync(length);
        await using var reader = (await _store.OpenAsync(info.Id))!;
        for (var round = 0; round < 2; round++)
        {
            for (var offset = 0; offset < length; offset += Math.Max(1, length / 7))
            {
                var buffer = new byte[piece];
                var read = await reader.ReadAsync(ContentArea.Data, offset, buffer);
                Assert.InRange(read, 1, piece);
                Assert.Equal(bytes.AsSpan(offset, read), buffer.AsSpan(0, read));
            }

            Assert.Equal(0, await reader.ReadAsync(ContentArea.Data, length, new byte[10]));
        }
    }

    [Fact]
    public async Task A_group_that_changed_is_not_handed_out_the_others_are_and_the_content_is_put_aside()
    {
        var (info, bytes) = await PutAsync(200_000);
        await using var reader = (await _store.OpenAsync(info.Id))!;
        Flip(_store.PathOf(info.Id)!, 70_000);
        var buffer = new byte[200_000];
        Assert.Equal(65_536, await reader.ReadAsync(ContentArea.Data, 0, buffer));
        Assert.Equal(bytes.AsSpan(0, 65_536), buffer.AsSpan(0, 65_536));
        var fault = await Assert.ThrowsAsync<SharingException>(async () => await reader.ReadAsync(ContentArea.Data, 65_536, buffer));
        Assert.Equal(ProblemCodes.ContentDamaged, fault.Code);
        Assert.Null(await _store.FindAsync(info.Id));
        Assert.Equal([info.Id], await _inner.ListQuarantinedAsync().ToListAsync());

        var again = await _store.PutAsync(new MemoryStream(bytes));
        Assert.Equal(info, again);
        await using var healed = (await _store.OpenAsync(info.Id))!;
        Assert.Equal(buffer.Length, await healed.ReadUpToAsync(ContentArea.Data, 0, buffer, CancellationToken.None));
        Assert.Equal(bytes, buffer);
    }

    [Fact]
    public async Task What_was_cut_to_nothing_is_not_taken_for_the_empty_content()
    {
        var (info, _) = await PutAsync(1);
        await File.WriteAllBytesAsync(_store.PathOf(info.Id)!, []);
        Assert.Equal(ProblemCodes.ContentDamaged, (await Assert.ThrowsAsync<SharingException>(async () => await _store.OpenAsync(info.Id))).Code);
        Assert.Null(await _store.FindAsync(info.Id));

        var (empty, _) = await PutAsync(0);
        await using var reader = await _store.OpenAsync(empty.Id);
        Assert.Equal(0, await reader!.ReadAsync(ContentArea.Data, 0, new byte[1]));
    }

    [Fact]
    public async Task What_was_found_right_is_trusted_for_its_time_and_then_hashed_again()
    {
        var (info, _) = await PutAsync(1_000);
        var buffer = new byte[1_000];
        await using (var reader = (await _store.OpenAsync(info.Id))!)
        {
            await reader.ReadAsync(ContentArea.Data, 0, buffer);
        }

        Flip(_store.PathOf(info.Id)!, 5);
        _time.Advance(TimeSpan.FromMinutes(9));
        await using (var trusting = (await _store.OpenAsync(info.Id))!)
        {
            Assert.Equal(1_000, await trusting.ReadAsync(ContentArea.Data, 0, buffer));
        }

        _time.Advance(TimeSpan.FromMinutes(2));
        await using var doubting = (await _store.OpenAsync(info.Id))!;
        await Assert.ThrowsAsync<SharingException>(async () => await doubting.ReadAsync(ContentArea.Data, 0, buffer));
    }

    [Fact]
    public async Task Hashes_that_changed_are_made_anew_from_bytes_that_are_right()
    {
        var (info, bytes) = await PutAsync(200_000);
        Flip(_store.PathOf(info.Id)! + ".groups", 40);
        await using (var reader = (await _store.OpenAsync(info.Id))!)
        {
            await Assert.ThrowsAsync<SharingException>(async () => await reader.ReadAsync(ContentArea.Data, 0, new byte[1]));
        }

        await using var mended = (await _store.OpenAsync(info.Id))!;
        var buffer = new byte[200_000];
        Assert.Equal(buffer.Length, await mended.ReadUpToAsync(ContentArea.Data, 0, buffer, CancellationToken.None));
        Assert.Equal(bytes, buffer);
        Assert.Empty(await _inner.ListQuarantinedAsync().ToListAsync());
    }

    static void Flip(string path, int at)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[at] ^= 1;
        File.WriteAllBytes(path, bytes);
    }

    async Task<(ContentInfo Info, byte[] Bytes)> PutAsync(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return (await _store.PutAsync(new MemoryStream(bytes)), bytes);
    }
}
