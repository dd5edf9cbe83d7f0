using Xunit;

namespace Sharing.Testing;

/// <summary>What every <see cref="IContentStore"/> must do. Derive it, return an empty store, and run your tests.</summary>
/// <remarks>Each test has a store of its own, disposed afterwards if it can be. A test that fails in the model names its seed.
/// Stores check no hashes, so the suite's ids are any 32 bytes.</remarks>
public abstract partial class ContentStoreSuite : IAsyncLifetime
{
    /// <summary>The store under test.</summary>
    protected IContentStore Store { get; private protected set; } = null!;

    /// <summary>How many random sequences of operations are tried; of those with reopening a quarter. For a store that takes long over each.</summary>
    protected virtual int Sequences => 200;

    /// <summary>Ends with the test run.</summary>
    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Makes an empty store.</summary>
    protected abstract Task<IContentStore> CreateAsync();

    /// <summary>Clears away what <see cref="CreateAsync"/> made beside the store. The store itself is disposed by then.</summary>
    protected virtual ValueTask CleanUpAsync() => default;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => Store = await CreateAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await CloseAsync(Store);
        await CleanUpAsync();
        GC.SuppressFinalize(this);
    }

    internal static async ValueTask CloseAsync(IContentStore store)
    {
        if (store is IAsyncDisposable asynchronous)
        {
            await asynchronous.DisposeAsync();
        }
        else
        {
            (store as IDisposable)?.Dispose();
        }
    }

    private protected Task<ContentInfo> PublishAsync(int seed, int length) => PublishAsync(ContentSamples.Id(seed), length);

    /// <summary>Publishes the sample of that length, and its made-up group hashes.</summary>
    private protected async Task<ContentInfo> PublishAsync(ContentId id, int length)
    {
        await using var partial = await Store.OpenPartialAsync("publish-" + id, Cancel);
        await WriteAsync(partial, length);
        var info = new ContentInfo(id, length);
        await partial.PublishAsync(info, Cancel);
        return info;
    }

    private protected static async Task WriteAsync(IPartialContent partial, int length)
    {
        await partial.WriteAsync(ContentArea.Data, 0, ContentSamples.Bytes(length), Cancel);
        await partial.WriteAsync(ContentArea.Groups, 0, ContentSamples.Groups(length), Cancel);
    }

    /// <summary>Whether the store has exactly the sample of that length.</summary>
    private protected async Task AssertStoredAsync(ContentInfo info)
    {
        Assert.Equal(info, await Store.FindAsync(info.Id, Cancel));
        await using var reader = await Store.OpenAsync(info.Id, Cancel);
        Assert.NotNull(reader);
        await AssertSampleAsync(reader, info);
    }

    private protected static async Task AssertSampleAsync(IContentReader reader, ContentInfo info)
    {
        Assert.Equal(info, reader.Info);
        Assert.Equal(ContentSamples.Bytes((int)info.Length), await ContentSamples.ReadAllAsync(reader.ReadAsync, ContentArea.Data, Cancel));
        Assert.Equal(ContentSamples.Groups(info), await ContentSamples.ReadAllAsync(reader.ReadAsync, ContentArea.Groups, Cancel));
    }

    private protected async Task AssertMissingAsync(ContentId id)
    {
        Assert.Null(await Store.FindAsync(id, Cancel));
        Assert.Null(await Store.OpenAsync(id, Cancel));
        Assert.DoesNotContain(await ListAsync(), info => info.Id == id);
    }

    private protected async Task<List<ContentInfo>> ListAsync()
    {
        List<ContentInfo> all = [];
        await foreach (var info in Store.ListAsync(Cancel))
        {
            all.Add(info);
        }

        return all;
    }

    private protected async Task AssertFreshAsync(string key)
    {
        await using var partial = await Store.OpenPartialAsync(key, Cancel);
        Assert.Equal(0, await partial.ReadAsync(ContentArea.Data, 0, new byte[1], Cancel));
        Assert.Equal(0, await partial.ReadAsync(ContentArea.Groups, 0, new byte[1], Cancel));
    }
}
