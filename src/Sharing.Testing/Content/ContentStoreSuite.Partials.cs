using Xunit;

namespace Sharing.Testing;

#pragma warning disable CS1591 // the names of the tests say it
public abstract partial class ContentStoreSuite
{
    [Fact]
    public async Task A_new_partial_is_empty() => await AssertFreshAsync("new");

    [Fact]
    public async Task Written_bytes_are_read_back_gaps_are_zero_and_beyond_the_furthest_there_is_nothing()
    {
        await using var partial = await Store.OpenPartialAsync("gaps", Cancel);
        foreach (var area in Enum.GetValues<ContentArea>())
        {
            await partial.WriteAsync(area, 150_000, new byte[] { 1, 2, 3 }, Cancel);
            await partial.WriteAsync(area, 10, new byte[] { 4 }, Cancel);
            var expected = new byte[150_003];
            (expected[10], expected[150_000], expected[150_001], expected[150_002]) = (4, 1, 2, 3);
            Assert.Equal(expected, await ContentSamples.ReadAllAsync(partial.ReadAsync, area, Cancel));
            Assert.Equal(0, await partial.ReadAsync(area, 150_003, new byte[1], Cancel));
        }
    }

    [Fact]
    public async Task Writing_nothing_far_out_changes_nothing()
    {
        await using var partial = await Store.OpenPartialAsync("nothing", Cancel);
        await partial.WriteAsync(ContentArea.Data, 1_000_000, ReadOnlyMemory<byte>.Empty, Cancel);
        Assert.Equal(0, await partial.ReadAsync(ContentArea.Data, 0, new byte[1], Cancel));
    }

    [Fact]
    public async Task Offsets_and_areas_that_cannot_be_are_refused()
    {
        await using var partial = await Store.OpenPartialAsync("odd", Cancel);
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await partial.WriteAsync(ContentArea.Data, -1, new byte[1], Cancel));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await partial.WriteAsync(ContentArea.Data, long.MaxValue, new byte[1], Cancel));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await partial.WriteAsync((ContentArea)7, 0, new byte[1], Cancel));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await partial.ReadAsync(ContentArea.Data, -1, new byte[1], Cancel));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".hidden")]
    [InlineData("Upper")]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("a b")]
    [InlineData("é")]
    [InlineData("a_b")]
    public async Task Keys_that_do_not_fit_are_refused(string key) =>
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await Store.OpenPartialAsync(key, Cancel));

    [Fact]
    public async Task Keys_have_1_to_100_characters()
    {
        foreach (var key in new[] { "a", "-", "0", "a.", "a..b", "a.data", "a.groups", new string('z', 100) })
        {
            await using var partial = await Store.OpenPartialAsync(key, Cancel);
            await partial.WriteAsync(ContentArea.Data, 0, new byte[key.Length], Cancel);
        }

        await using var first = await Store.OpenPartialAsync("a", Cancel);
        Assert.Single(await ContentSamples.ReadAllAsync(first.ReadAsync, ContentArea.Data, Cancel));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await Store.OpenPartialAsync(new string('z', 101), Cancel));
    }

    [Fact]
    public async Task One_key_opens_once_at_a_time()
    {
        var partial = await Store.OpenPartialAsync("one", Cancel);
        await using var other = await Store.OpenPartialAsync("two", Cancel);
        var problem = await Assert.ThrowsAsync<SharingException>(async () => await Store.OpenPartialAsync("one", Cancel));
        Assert.Equal(ProblemCodes.Conflict, problem.Code);
        await partial.DisposeAsync();
        await (await Store.OpenPartialAsync("one", Cancel)).DisposeAsync();
    }

    [Fact]
    public async Task Closing_keeps_the_bytes_for_the_next_who_opens_the_key()
    {
        await using (var partial = await Store.OpenPartialAsync("kept", Cancel))
        {
            await WriteAsync(partial, 100_000);
        }

        await using var again = await Store.OpenPartialAsync("kept", Cancel);
        Assert.Equal(ContentSamples.Bytes(100_000), await ContentSamples.ReadAllAsync(again.ReadAsync, ContentArea.Data, Cancel));
        Assert.Equal(ContentSamples.Groups(100_000), await ContentSamples.ReadAllAsync(again.ReadAsync, ContentArea.Groups, Cancel));
    }

    [Fact]
    public async Task Discarding_drops_the_bytes_and_frees_the_key()
    {
        await using var partial = await Store.OpenPartialAsync("dropped", Cancel);
        await WriteAsync(partial, 100);
        await partial.DiscardAsync(Cancel);
        await AssertFreshAsync("dropped");
    }

    [Fact]
    public async Task Publishing_cuts_both_areas_to_what_the_content_needs()
    {
        var info = new ContentInfo(ContentSamples.Id(1), 70_000);
        await using (var partial = await Store.OpenPartialAsync("longer", Cancel))
        {
            await partial.WriteAsync(ContentArea.Data, 60_000, new byte[90_000], Cancel);
            await partial.WriteAsync(ContentArea.Groups, 0, new byte[5_000], Cancel);
            await WriteAsync(partial, 70_000);
            await partial.PublishAsync(info, Cancel);
        }

        await AssertStoredAsync(info);
    }

    [Theory]
    [InlineData(69_999, 64)]
    [InlineData(70_000, 63)]
    [InlineData(70_000, 0)]
    [InlineData(0, 64)]
    public async Task Publishing_more_than_is_there_is_refused_and_changes_nothing(int data, int groups)
    {
        var info = new ContentInfo(ContentSamples.Id(1), 70_000);
        await using var partial = await Store.OpenPartialAsync("shorter", Cancel);
        await partial.WriteAsync(ContentArea.Data, 0, ContentSamples.Bytes(70_000).AsMemory(0, data), Cancel);
        await partial.WriteAsync(ContentArea.Groups, 0, ContentSamples.Groups(70_000).AsMemory(0, groups), Cancel);
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await partial.PublishAsync(info, Cancel));
        await AssertMissingAsync(info.Id);
        await WriteAsync(partial, 70_000);
        await partial.PublishAsync(info, Cancel);
        await AssertStoredAsync(info);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_536)]
    public async Task A_content_of_one_group_needs_no_hashes(int length)
    {
        var info = new ContentInfo(ContentSamples.Id(1), length);
        await using var partial = await Store.OpenPartialAsync("small", Cancel);
        await partial.WriteAsync(ContentArea.Data, 0, ContentSamples.Bytes(length), Cancel);
        await partial.PublishAsync(info, Cancel);
        await AssertStoredAsync(info);
        await AssertFreshAsync("small");
    }

    [Fact]
    public async Task Publishing_without_an_id_or_with_a_negative_length_is_refused()
    {
        await using var partial = await Store.OpenPartialAsync("odd", Cancel);
        await WriteAsync(partial, 10);
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await partial.PublishAsync(new(default, 10), Cancel));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await partial.PublishAsync(new(ContentSamples.Id(1), -1), Cancel));
    }

    [Fact]
    public async Task A_published_partial_is_gone()
    {
        var partial = await Store.OpenPartialAsync("published", Cancel);
        await WriteAsync(partial, 10);
        await partial.PublishAsync(new(ContentSamples.Id(1), 10), Cancel);
        await AssertFreshAsync("published");
        await partial.DisposeAsync();
        await AssertStoredAsync(new(ContentSamples.Id(1), 10));
    }

    [Fact]
    public async Task Where_the_content_is_there_already_the_partial_is_dropped()
    {
        var info = await PublishAsync(1, 100);
        await using (var partial = await Store.OpenPartialAsync("again", Cancel))
        {
            await partial.WriteAsync(ContentArea.Data, 0, new byte[100], Cancel);
            await partial.WriteAsync(ContentArea.Groups, 0, new byte[32], Cancel);
            await partial.PublishAsync(info, Cancel);
        }

        await AssertStoredAsync(info);
        await AssertFreshAsync("again");
    }

    [Fact]
    public async Task A_flush_says_how_long_the_data_is_whatever_the_groups_are()
    {
        await using (var partial = await Store.OpenPartialAsync("length", Cancel))
        {
            Assert.Equal(0, await partial.FlushAsync(Cancel));
            await partial.WriteAsync(ContentArea.Groups, 0, new byte[96], Cancel);
            Assert.Equal(0, await partial.FlushAsync(Cancel));
            await partial.WriteAsync(ContentArea.Data, 70_000, new byte[] { 1 }, Cancel);
            await partial.WriteAsync(ContentArea.Data, 10, new byte[] { 2 }, Cancel);
            Assert.Equal(70_001, await partial.FlushAsync(Cancel));
        }

        await using var again = await Store.OpenPartialAsync("length", Cancel);
        Assert.Equal(70_001, await again.FlushAsync(Cancel));
    }

    [Fact]
    public async Task Nothing_is_visible_before_it_is_published()
    {
        await using var partial = await Store.OpenPartialAsync("hidden", Cancel);
        await WriteAsync(partial, 10);
        await partial.FlushAsync(Cancel);
        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task A_partial_that_was_published_discarded_or_closed_does_nothing_more()
    {
        Func<IPartialContent, ValueTask>[] ends =
        [
            partial => partial.PublishAsync(new(ContentSamples.Id(1), 10), Cancel),
            partial => partial.DiscardAsync(Cancel),
            partial => partial.DisposeAsync(),
        ];
        foreach (var end in ends)
        {
            var partial = await Store.OpenPartialAsync("ended", Cancel);
            await WriteAsync(partial, 10);
            await end(partial);
            await Assert.ThrowsAsync<ObjectDisposedException>(async () => await partial.ReadAsync(ContentArea.Data, 0, new byte[1], Cancel));
            await Assert.ThrowsAsync<ObjectDisposedException>(async () => await partial.WriteAsync(ContentArea.Data, 0, new byte[1], Cancel));
            await Assert.ThrowsAsync<ObjectDisposedException>(async () => await partial.FlushAsync(Cancel));
            await Assert.ThrowsAsync<ObjectDisposedException>(async () => await partial.PublishAsync(new(ContentSamples.Id(2), 10), Cancel));
            await Assert.ThrowsAsync<ObjectDisposedException>(async () => await partial.DiscardAsync(Cancel));
            await partial.DisposeAsync();
            await partial.DisposeAsync();
        }
    }
}
