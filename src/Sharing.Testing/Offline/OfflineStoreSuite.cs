using Xunit;

namespace Sharing.Testing;

/// <summary>What every <see cref="IOfflineStore"/> must do. Derive it, return an empty store that fetches from an origin of yours, and run your tests.</summary>
/// <remarks>The suite waits for fetches in real time, at most 30 seconds for each.</remarks>
public abstract partial class OfflineStoreSuite : IAsyncLifetime
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>The people of the tests.</summary>
    protected static PersonId Anna { get; } = PersonId.Parse("anna");

    /// <summary>The people of the tests.</summary>
    protected static PersonId Ben { get; } = PersonId.Parse("ben");

    /// <summary>The store under test.</summary>
    protected IOfflineStore Store { get; private set; } = null!;

    /// <summary>Ends with the test run.</summary>
    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Makes an empty store that does its fetching in the background, and gives a failing fetch up after its first try.</summary>
    protected abstract Task<IOfflineStore> CreateAsync();

    /// <summary>Lets the origin serve these bytes, and says where; <c>null</c> for an address that it never has anything at.</summary>
    protected abstract Uri Serve(string name, byte[]? bytes);

    /// <summary>How often the bytes of an address were fetched whole.</summary>
    protected abstract int FetchesOf(Uri address);

    /// <summary>Clears away what <see cref="CreateAsync"/> made.</summary>
    protected virtual ValueTask CleanUpAsync() => default;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        Store = await CreateAsync();
        Assert.NotNull(Store);
        Assert.Empty(await ListAsync(Anna));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await CleanUpAsync();
        GC.SuppressFinalize(this);
    }

    private protected static byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    private protected static Resource ResourceAt(Uri address) => new() { Address = address, Name = "film.bin" };

    private protected async Task<List<OfflineItem>> ListAsync(PersonId person)
    {
        List<OfflineItem> items = [];
        await foreach (var item in Store.ListAsync(person, Cancel))
        {
            items.Add(item);
        }

        return items;
    }

    /// <summary>Waits until the store is done with fetching.</summary>
    private protected async Task<OfflineItem> DoneAsync(PersonId person, ResourceId id)
    {
        for (var end = TimeProvider.System.GetUtcNow() + Patience; ; await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancel))
        {
            var item = await Store.FindAsync(person, id, Cancel);
            Assert.NotNull(item);
            if (item.State != OfflineState.Fetching)
            {
                return item;
            }

            Assert.True(TimeProvider.System.GetUtcNow() < end, $"{id} is being fetched still.");
        }
    }

    private protected async Task<OfflineItem> KeepAsync(PersonId person, Uri address)
    {
        var item = await Store.KeepAsync(person, ResourceAt(address), Cancel);
        Assert.Equal(ResourceId.Of(address), item.Id);
        var done = await DoneAsync(person, item.Id);
        Assert.Equal(OfflineState.Stored, done.State);
        return done;
    }

    private protected async Task AssertBytesAsync(PersonId person, ResourceId id, byte[] bytes)
    {
        await using var reader = await Store.OpenAsync(person, id, Cancel);
        Assert.NotNull(reader);
        Assert.Equal(bytes, await ContentSamples.ReadAllAsync(reader.ReadAsync, ContentArea.Data, Cancel));
    }
}
