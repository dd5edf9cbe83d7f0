using System.Text;
using Xunit;

namespace Sharing.Testing;

/// <summary>What every <see cref="IRecordStore"/> must do. Derive it, return an empty store, and run your tests.</summary>
/// <remarks>Each test has a store of its own, disposed afterwards if it can be. A test that fails in the model names its seed.</remarks>
public abstract partial class RecordStoreSuite : IAsyncLifetime
{
    /// <summary>The store under test.</summary>
    protected IRecordStore Records { get; private protected set; } = null!;

    /// <summary>Ends with the test run.</summary>
    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Makes an empty store.</summary>
    protected abstract Task<IRecordStore> CreateAsync();

    /// <summary>Clears away what <see cref="CreateAsync"/> made beside the store. The store itself is disposed by then.</summary>
    protected virtual ValueTask CleanUpAsync() => default;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => Records = await CreateAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await CloseAsync(Records);
        await CleanUpAsync();
        GC.SuppressFinalize(this);
    }

    internal static async ValueTask CloseAsync(IRecordStore records)
    {
        if (records is IAsyncDisposable asynchronous)
        {
            await asynchronous.DisposeAsync();
        }
        else
        {
            (records as IDisposable)?.Dispose();
        }
    }

    private protected static RecordKey Key(params ReadOnlySpan<string> parts) => RecordKey.Of("suite", parts);

    private protected static byte[] Json(string text) => Encoding.UTF8.GetBytes($$"""{"text":"{{text}}"}""");

    private protected async Task<long> PutAsync(RecordKey key, string text = "x")
    {
        var outcome = await Records.CommitAsync(new RecordBatch().Put(key, Json(text), RecordBatch.Any), Cancel);
        Assert.True(outcome.Committed);
        return outcome.Version;
    }

    private protected async Task<List<Record>> ScanAsync(RecordRange range)
    {
        List<Record> found = [];
        await foreach (var record in Records.ScanAsync(range, Cancel))
        {
            found.Add(record);
        }

        return found;
    }

    private protected async Task AssertTextAsync(RecordKey key, string? text) =>
        Assert.Equal(text is null ? null : Encoding.UTF8.GetString(Json(text)),
            await Records.GetAsync(key, Cancel) is { } record ? Encoding.UTF8.GetString(record.Json.Span) : null);
}
