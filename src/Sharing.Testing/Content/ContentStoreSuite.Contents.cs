using Xunit;

namespace Sharing.Testing;

#pragma warning disable CS1591 // the names of the tests say it
public abstract partial class ContentStoreSuite
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(1_000_003)]
    public async Task What_was_published_is_found_and_read_back(int length) => await AssertStoredAsync(await PublishAsync(1, length));

    [Fact]
    public async Task What_is_not_there_is_null_or_false_and_not_listed()
    {
        await PublishAsync(1, 10);
        await AssertMissingAsync(ContentSamples.Id(2));
        Assert.False(await Store.DeleteAsync(ContentSamples.Id(2), Cancel));
    }

    [Fact]
    public async Task The_default_id_is_refused()
    {
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await Store.FindAsync(default, Cancel));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await Store.OpenAsync(default, Cancel));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await Store.DeleteAsync(default, Cancel));
    }

    [Fact]
    public async Task Contents_are_listed_each_once()
    {
        Assert.Empty(await ListAsync());
        List<ContentInfo> published = [];
        for (var i = 1; i <= 20; i++)
        {
            published.Add(await PublishAsync(i, i * 7));
        }

        await using var partial = await Store.OpenPartialAsync("not-listed", Cancel);
        await WriteAsync(partial, 100);
        Assert.Equal(published.OrderBy(info => info.Length), (await ListAsync()).OrderBy(info => info.Length));
    }

    [Fact]
    public async Task What_was_deleted_is_gone_at_once_and_only_that()
    {
        var kept = await PublishAsync(1, 10);
        var gone = await PublishAsync(2, 20);
        Assert.True(await Store.DeleteAsync(gone.Id, Cancel));
        await AssertMissingAsync(gone.Id);
        await AssertStoredAsync(kept);
        Assert.False(await Store.DeleteAsync(gone.Id, Cancel));
    }

    [Fact]
    public async Task What_was_deleted_can_be_published_again()
    {
        var info = await PublishAsync(1, 10);
        await Store.DeleteAsync(info.Id, Cancel);
        await AssertStoredAsync(await PublishAsync(1, 70_000));
    }

    [Fact]
    public async Task What_is_being_read_stays_readable_when_it_is_deleted_and_published_anew()
    {
        var info = await PublishAsync(1, 200_000);
        await using (var reader = await Store.OpenAsync(info.Id, Cancel))
        {
            Assert.Equal(1, await reader!.ReadAsync(ContentArea.Data, 0, new byte[1], Cancel));
            await Store.DeleteAsync(info.Id, Cancel);
            await AssertSampleAsync(reader, info);
            await PublishAsync(1, 300);
            await AssertSampleAsync(reader, info);
        }

        await AssertStoredAsync(info with { Length = 300 });
    }

    [Fact]
    public async Task A_read_returns_nothing_only_at_the_end_or_for_an_empty_buffer()
    {
        var info = await PublishAsync(1, 70_000);
        await using var reader = await Store.OpenAsync(info.Id, Cancel);
        Assert.NotNull(reader);
        foreach (var (area, length) in new[] { (ContentArea.Data, 70_000), (ContentArea.Groups, 64) })
        {
            Assert.Equal(0, await reader.ReadAsync(area, 0, Memory<byte>.Empty, Cancel));
            Assert.Equal(1, await reader.ReadAsync(area, length - 1, new byte[10], Cancel));
            Assert.Equal(0, await reader.ReadAsync(area, length, new byte[10], Cancel));
            Assert.Equal(0, await reader.ReadAsync(area, long.MaxValue - 10, new byte[10], Cancel));
            Assert.InRange(await reader.ReadAsync(area, length / 2, new byte[10], Cancel), 1, 10);
        }
    }

    [Fact]
    public async Task Reads_outside_of_everything_are_refused()
    {
        var info = await PublishAsync(1, 10);
        await using var reader = await Store.OpenAsync(info.Id, Cancel);
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await reader!.ReadAsync(ContentArea.Data, -1, new byte[1], Cancel));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await reader!.ReadAsync((ContentArea)7, 0, new byte[1], Cancel));
    }

    [Fact]
    public async Task A_reader_serves_many_at_once()
    {
        var info = await PublishAsync(1, 500_000);
        var bytes = ContentSamples.Bytes(500_000);
        await using var reader = await Store.OpenAsync(info.Id, Cancel);
        await Task.WhenAll(Enumerable.Range(0, 32).Select(i => Task.Run(async () =>
        {
            var buffer = new byte[10_000];
            var offset = i * 15_000;
            var count = await reader!.ReadAsync(ContentArea.Data, offset, buffer, Cancel);
            Assert.True(count > 0);
            Assert.Equal(bytes.AsSpan(offset, count), buffer.AsSpan(0, count));
        }, Cancel)));
    }

    [Fact]
    public async Task A_closed_reader_reads_nothing_and_closing_twice_is_fine()
    {
        var info = await PublishAsync(1, 10);
        var reader = await Store.OpenAsync(info.Id, Cancel);
        await reader!.DisposeAsync();
        await reader.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await reader.ReadAsync(ContentArea.Data, 0, new byte[1], Cancel));
    }

    [Fact]
    public async Task Whoever_has_given_up_gets_no_answer()
    {
        var info = await PublishAsync(1, 10);
        var given = new CancellationToken(canceled: true);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Store.FindAsync(info.Id, given));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Store.OpenAsync(info.Id, given));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Store.DeleteAsync(info.Id, given));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Store.OpenPartialAsync("key", given));
        await using var partial = await Store.OpenPartialAsync("key", Cancel);
        await WriteAsync(partial, 20);
        var other = new ContentInfo(ContentSamples.Id(2), 20);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await partial.PublishAsync(other, given));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await partial.DiscardAsync(given));
        await partial.PublishAsync(other, Cancel);
        await AssertStoredAsync(info);
        await AssertStoredAsync(other);
    }
}
