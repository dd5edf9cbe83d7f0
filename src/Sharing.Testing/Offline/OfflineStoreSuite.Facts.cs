using Sharing.Core;
using Xunit;

namespace Sharing.Testing;

#pragma warning disable CS1591 // the names of the tests say it
public abstract partial class OfflineStoreSuite
{
    [Theory(Timeout = 120_000)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_536)]
    [InlineData(300_001)]
    public async Task What_is_kept_is_fetched_and_reads_as_it_was(int length)
    {
        var bytes = Bytes(length);
        var item = await KeepAsync(Anna, Serve($"film-{length}", bytes));
        Assert.Equal(length, item.Content?.Length);
        Assert.Equal(length, item.Resource.Length);
        Assert.Equal(item.Content?.Id, item.Resource.ContentId);
        Assert.NotNull(item.StoredAt);
        Assert.True(item.ExpiresAt > item.StoredAt);
        await AssertBytesAsync(Anna, item.Id, bytes);
    }

    [Fact(Timeout = 120_000)]
    public async Task Its_group_hashes_prove_its_bytes_and_any_offset_can_be_read()
    {
        var bytes = Bytes(200_000);
        var item = await KeepAsync(Anna, Serve("film", bytes));
        await using var reader = await Store.OpenAsync(Anna, item.Id, Cancel);
        Assert.Equal(item.Content, reader!.Info);
        var groups = await ContentSamples.ReadAllAsync(reader.ReadAsync, ContentArea.Groups, Cancel);
        Assert.Equal(ContentTree.GroupCount(bytes.Length) * ContentId.Size, groups.Length);
        var hash = new byte[ContentId.Size];
        for (var i = 0; i < ContentTree.GroupCount(bytes.Length); i++)
        {
            ContentTree.HashGroup(bytes.AsSpan(i * ContentTree.GroupSize, ContentTree.GroupLength(bytes.Length, i)), i, hash);
            Assert.Equal(hash, groups.AsSpan(i * ContentId.Size, ContentId.Size).ToArray());
        }

        var buffer = new byte[100];
        var read = await reader.ReadAsync(ContentArea.Data, 199_950, buffer, Cancel);
        Assert.InRange(read, 1, 50);
        Assert.Equal(bytes.AsSpan(199_950, read).ToArray(), buffer[..read]);
        Assert.Equal(0, await reader.ReadAsync(ContentArea.Data, 200_000, buffer, Cancel));
        Assert.Equal(0, await reader.ReadAsync(ContentArea.Groups, groups.Length, buffer, Cancel));
        Assert.NotEqual(0, await reader.ReadAsync(ContentArea.Data, 7, buffer, Cancel));
        Assert.Equal(bytes[7], buffer[0]);
    }

    [Fact(Timeout = 120_000)]
    [Trait("Row", "R6")]
    public async Task Keeping_twice_is_one_item_and_one_fetch()
    {
        var address = Serve("film", Bytes(100_000));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => KeepAsync(Anna, address)));
        await KeepAsync(Anna, address);
        await KeepAsync(Ben, new Uri(address + "#part"));
        Assert.Single(await ListAsync(Anna));
        Assert.Equal(1, FetchesOf(address));
    }

    [Fact(Timeout = 120_000)]
    public async Task Of_two_holders_each_holds_for_himself_and_a_stranger_sees_nothing()
    {
        var address = Serve("film", Bytes(1000));
        var (item, stranger) = (await KeepAsync(Anna, address), PersonId.Parse("stranger"));
        Assert.Null(await Store.FindAsync(Ben, item.Id, Cancel));
        Assert.Null(await Store.OpenAsync(Ben, item.Id, Cancel));
        Assert.False(await Store.RemoveAsync(Ben, item.Id, Cancel));
        await KeepAsync(Ben, address);
        Assert.True(await Store.RemoveAsync(Anna, item.Id, Cancel));
        Assert.False(await Store.RemoveAsync(Anna, item.Id, Cancel));
        Assert.Null(await Store.FindAsync(Anna, item.Id, Cancel));
        Assert.Null(await Store.OpenAsync(Anna, item.Id, Cancel));
        Assert.Empty(await ListAsync(Anna));
        await AssertBytesAsync(Ben, item.Id, Bytes(1000));
        Assert.Null(await Store.FindAsync(stranger, item.Id, Cancel));
        Assert.Null(await Store.OpenAsync(stranger, item.Id, Cancel));
        Assert.Empty(await ListAsync(stranger));
        Assert.Equal(1, FetchesOf(address));
    }

    [Fact(Timeout = 120_000)]
    public async Task What_one_holder_says_of_a_resource_is_not_told_to_another()
    {
        var address = Serve("film", Bytes(1000));
        var mine = new Resource { Address = new Uri(address + "#mine"), Name = "for Anna's divorce.bin", More = new Dictionary<string, string> { ["note"] = "secret" } };
        await Store.KeepAsync(Anna, mine, Cancel);
        await Store.KeepAsync(Ben, ResourceAt(address), Cancel);
        var annas = (await DoneAsync(Anna, ResourceId.Of(address))).Resource;
        var bens = (await DoneAsync(Ben, ResourceId.Of(address))).Resource;
        Assert.Equal((mine.Name, "secret", 1000), (annas.Name, annas.More?["note"], annas.Length));
        Assert.Equal(("film.bin", null, 1000, address), (bens.Name, bens.More, bens.Length, bens.Address));
    }

    [Fact(Timeout = 120_000)]
    public async Task What_cannot_be_fetched_fails_with_a_code_and_is_tried_again_when_asked_for_again()
    {
        var address = Serve("film", null);
        var item = await Store.KeepAsync(Anna, ResourceAt(address), Cancel);
        var failed = await DoneAsync(Anna, item.Id);
        Assert.Equal(OfflineState.Failed, failed.State);
        Assert.Matches("^[a-z-]+$", failed.Failure);
        Assert.Null(failed.Content);
        Assert.Null(await Store.OpenAsync(Anna, item.Id, Cancel));
        Assert.Equal(address, Serve("film", Bytes(10)));
        await KeepAsync(Anna, address);
        await AssertBytesAsync(Anna, item.Id, Bytes(10));
    }

    [Theory]
    [InlineData("ftp://example.org/film")]
    [InlineData("https://user:secret@example.org/film")]
    [InlineData("file:///etc/passwd")]
    public async Task An_address_that_is_not_to_be_fetched_is_refused(string address)
    {
        var e = await Assert.ThrowsAsync<SharingException>(() => Store.KeepAsync(Anna, ResourceAt(new Uri(address)), Cancel));
        Assert.Equal(ProblemCodes.InvalidInput, e.Code);
        Assert.Empty(await ListAsync(Anna));
    }

    [Fact(Timeout = 120_000)]
    public async Task Whoever_is_reading_when_the_item_goes_reads_to_the_end()
    {
        var bytes = Bytes(3_000_000);
        var item = await KeepAsync(Anna, Serve("film", bytes));
        await using var reader = await Store.OpenAsync(Anna, item.Id, Cancel);
        var begin = new byte[1000];
        var read = await reader!.ReadAsync(ContentArea.Data, 0, begin, Cancel);
        Assert.True(await Store.RemoveAsync(Anna, item.Id, Cancel));
        Assert.Null(await Store.OpenAsync(Anna, item.Id, Cancel));
        var rest = await ContentSamples.ReadAllAsync(
            (area, offset, buffer, cancellationToken) => reader.ReadAsync(area, offset + read, buffer, cancellationToken), ContentArea.Data, Cancel);
        Assert.Equal(bytes, (byte[])[.. begin[..read], .. rest]);
    }

    [Fact(Timeout = 120_000)]
    public async Task What_went_with_its_last_holder_is_fetched_anew_for_the_next()
    {
        var address = Serve("film", Bytes(1000));
        var item = await KeepAsync(Anna, address);
        Assert.True(await Store.RemoveAsync(Anna, item.Id, Cancel));
        Assert.Null(await Store.FindAsync(Ben, item.Id, Cancel));
        Serve("film", Bytes(2000));
        await KeepAsync(Ben, address);
        await AssertBytesAsync(Ben, item.Id, Bytes(2000));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_list_names_all_that_one_holds_and_nothing_else()
    {
        var mine = Enumerable.Range(0, 5).Select(i => Serve($"film-{i}", Bytes(i))).ToList();
        foreach (var address in mine)
        {
            await KeepAsync(Anna, address);
        }

        await KeepAsync(Ben, Serve("other", Bytes(9)));
        Assert.Equal(
            mine.Select(address => ResourceId.Of(address).Value).Order(StringComparer.Ordinal),
            (await ListAsync(Anna)).Select(item => item.Id.Value).Order(StringComparer.Ordinal));
    }

    [Fact(Timeout = 120_000)]
    public async Task One_who_comes_while_the_last_one_goes_never_holds_nothing()
    {
        var address = Serve("film", Bytes(100));
        var id = ResourceId.Of(address);
        for (var round = 0; round < 20; round++)
        {
            await KeepAsync(Anna, address);
            await Task.WhenAll(
                Task.Run(() => Store.RemoveAsync(Anna, id, Cancel), Cancel), Task.Run(() => Store.KeepAsync(Ben, ResourceAt(address), Cancel), Cancel));
            Assert.Equal(OfflineState.Stored, (await DoneAsync(Ben, id)).State);
            Assert.True(await Store.RemoveAsync(Ben, id, Cancel));
        }
    }
}
