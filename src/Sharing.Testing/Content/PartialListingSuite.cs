using Xunit;

namespace Sharing.Testing;

/// <summary>What every store that is an <see cref="IPartialListing"/> must do. Derive it, return an empty store that goes by the clock given.</summary>
public abstract class PartialListingSuite : IAsyncLifetime
{
    readonly SetClock _clock = new();
    IContentStore _store = null!;

    IPartialListing Listing => Assert.IsType<IPartialListing>(_store, exactMatch: false);

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Makes an empty store.</summary>
    protected abstract Task<IContentStore> CreateAsync(TimeProvider time);

    /// <summary>Clears away what <see cref="CreateAsync"/> made beside the store. The store itself is disposed by then.</summary>
    protected virtual ValueTask CleanUpAsync() => default;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => _store = await CreateAsync(_clock);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await ContentStoreSuite.CloseAsync(_store);
        await CleanUpAsync();
        GC.SuppressFinalize(this);
    }

    async Task<List<PartialInfo>> ListAsync()
    {
        List<PartialInfo> all = [];
        await foreach (var partial in Listing.ListPartialsAsync(Cancel))
        {
            all.Add(partial);
        }

        return [.. all.OrderBy(partial => partial.Key, StringComparer.Ordinal)];
    }

    async Task LeaveAsync(string key)
    {
        await using var partial = await _store.OpenPartialAsync(key, Cancel);
        await partial.WriteAsync(ContentArea.Data, 0, new byte[40], Cancel);
        await partial.WriteAsync(ContentArea.Groups, 0, new byte[32], Cancel);
    }

#pragma warning disable CS1591 // the names of the tests say it
    [Fact]
    public async Task Partials_are_listed_with_when_they_were_closed_last()
    {
        Assert.Empty(await ListAsync());
        await LeaveAsync("a.data");
        var first = _clock.Now;
        _clock.Now += TimeSpan.FromDays(2);
        await LeaveAsync("b");
        Assert.Equal([new("a.data", first), new("b", _clock.Now)], await ListAsync());
    }

    [Fact]
    public async Task Opening_flushing_and_closing_touch_a_partial()
    {
        var partial = await _store.OpenPartialAsync("open", Cancel);
        Assert.Equal([new("open", _clock.Now)], await ListAsync());
        _clock.Now += TimeSpan.FromDays(1);
        await partial.FlushAsync(Cancel);
        Assert.Equal([new("open", _clock.Now)], await ListAsync());
        _clock.Now += TimeSpan.FromDays(1);
        await partial.DisposeAsync();
        Assert.Equal([new("open", _clock.Now)], await ListAsync());
        _clock.Now += TimeSpan.FromDays(1);
        await (await _store.OpenPartialAsync("open", Cancel)).DisposeAsync();
        Assert.Equal([new("open", _clock.Now)], await ListAsync());
    }

    [Fact]
    public async Task Published_and_discarded_partials_are_not_listed()
    {
        await using var published = await _store.OpenPartialAsync("published", Cancel);
        await published.WriteAsync(ContentArea.Groups, 0, new byte[32], Cancel);
        await published.PublishAsync(new(ContentSamples.Id(1), 0), Cancel);
        await using var discarded = await _store.OpenPartialAsync("discarded", Cancel);
        await discarded.DiscardAsync(Cancel);
        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task A_partial_that_nobody_touched_is_discarded_once()
    {
        await LeaveAsync("stale");
        await LeaveAsync("other");
        var stale = (await ListAsync()).Single(partial => partial.Key == "stale");
        Assert.True(await Listing.DiscardAsync(stale, Cancel));
        Assert.False(await Listing.DiscardAsync(stale, Cancel));
        Assert.Equal("other", Assert.Single(await ListAsync()).Key);
        await using var partial = await _store.OpenPartialAsync("stale", Cancel);
        Assert.Equal(0, await partial.ReadAsync(ContentArea.Data, 0, new byte[1], Cancel));
        Assert.Equal(0, await partial.ReadAsync(ContentArea.Groups, 0, new byte[1], Cancel));
    }

    [Fact]
    public async Task A_partial_that_is_open_is_not_discarded()
    {
        await LeaveAsync("open");
        await using var partial = await _store.OpenPartialAsync("open", Cancel);
        Assert.False(await Listing.DiscardAsync(Assert.Single(await ListAsync()), Cancel));
        Assert.Equal(40, await partial.ReadAsync(ContentArea.Data, 0, new byte[50], Cancel));
    }

    [Fact]
    public async Task A_partial_that_was_touched_since_it_was_listed_is_not_discarded()
    {
        await LeaveAsync("resumed");
        var listed = Assert.Single(await ListAsync());
        _clock.Now += TimeSpan.FromMinutes(1);
        await LeaveAsync("resumed");
        Assert.False(await Listing.DiscardAsync(listed, Cancel));
        Assert.Single(await ListAsync());
    }

    [Fact]
    public async Task A_key_that_does_not_fit_is_refused() =>
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await Listing.DiscardAsync(new("../x", default), Cancel));

    sealed class SetClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
