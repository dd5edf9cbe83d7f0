using Xunit;

namespace Sharing.Testing;

/// <summary>What every <see cref="IContentStore"/> that outlives its process must do besides.</summary>
public abstract class DurableContentStoreSuite : ContentStoreSuite
{
    /// <summary>Opens the same storage anew. The store that was open is disposed by then.</summary>
    protected abstract Task<IContentStore> ReopenAsync();

    async Task<IContentStore> CloseAndReopenAsync()
    {
        await CloseAsync(Store);
        return Store = await ReopenAsync();
    }

#pragma warning disable CS1591 // the names of the tests say it
    [Fact]
    public async Task Contents_are_there_after_reopening()
    {
        var small = await PublishAsync(1, 0);
        var large = await PublishAsync(2, 300_000);
        await CloseAndReopenAsync();
        await AssertStoredAsync(small);
        await AssertStoredAsync(large);
        Assert.Equal(2, (await ListAsync()).Count);
    }

    [Fact]
    public async Task What_was_deleted_stays_deleted_after_reopening()
    {
        var info = await PublishAsync(1, 10);
        await Store.DeleteAsync(info.Id, Cancel);
        await CloseAndReopenAsync();
        await AssertMissingAsync(info.Id);
    }

    [Fact]
    public async Task Flushed_bytes_of_a_partial_are_there_after_reopening_and_can_be_gone_on_with()
    {
        await using (var partial = await Store.OpenPartialAsync("resumed", Cancel))
        {
            await partial.WriteAsync(ContentArea.Data, 0, ContentSamples.Bytes(100_000).AsMemory(0, 70_000), Cancel);
            await partial.WriteAsync(ContentArea.Groups, 0, ContentSamples.Groups(100_000).AsMemory(0, 32), Cancel);
            Assert.Equal(70_000, await partial.FlushAsync(Cancel));
        }

        await CloseAndReopenAsync();
        await using (var partial = await Store.OpenPartialAsync("resumed", Cancel))
        {
            Assert.Equal(70_000, await partial.FlushAsync(Cancel));
            Assert.Equal(
                ContentSamples.Bytes(100_000)[..70_000], await ContentSamples.ReadAllAsync(partial.ReadAsync, ContentArea.Data, Cancel));
            Assert.Equal(
                ContentSamples.Groups(100_000)[..32], await ContentSamples.ReadAllAsync(partial.ReadAsync, ContentArea.Groups, Cancel));
            await WriteAsync(partial, 100_000);
            await partial.PublishAsync(new(ContentSamples.Id(1), 100_000), Cancel);
        }

        await AssertStoredAsync(new(ContentSamples.Id(1), 100_000));
    }

    [Fact]
    public async Task A_partial_that_was_published_or_discarded_is_empty_after_reopening()
    {
        await PublishAsync(1, 10);
        await using (var partial = await Store.OpenPartialAsync("discarded", Cancel))
        {
            await WriteAsync(partial, 10);
            await partial.FlushAsync(Cancel);
            await partial.DiscardAsync(Cancel);
        }

        await CloseAndReopenAsync();
        await AssertFreshAsync("discarded");
        await AssertFreshAsync("publish-" + ContentSamples.Id(1));
    }

    [Fact]
    public async Task What_was_never_published_does_not_show_after_reopening()
    {
        await using (var partial = await Store.OpenPartialAsync("half", Cancel))
        {
            await WriteAsync(partial, 10);
            await partial.FlushAsync(Cancel);
        }

        await CloseAndReopenAsync();
        Assert.Empty(await ListAsync());
    }

    [Fact(Timeout = 300_000)]
    public async Task Random_sequences_of_operations_with_reopening_do_what_a_model_does()
    {
        for (var seed = 1_001; seed <= 1_000 + (Sequences / 4); seed++)
        {
            await new ContentModel(Store, seed).RunAsync(Cancel, CloseAndReopenAsync);
        }
    }
}
