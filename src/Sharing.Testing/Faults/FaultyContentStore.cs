using System.Runtime.CompilerServices;

namespace Sharing.Testing;

/// <summary>Contents that go wrong as planned: <c>content.find</c>, <c>content.open</c>, <c>content.open-partial</c>, <c>content.delete</c>, <c>content.list</c>,
/// <c>content.read</c>; <c>partial.read</c>, <c>partial.write</c>, <c>partial.flush</c>, <c>partial.publish</c>, <c>partial.discard</c>; <c>partials.list</c>,
/// <c>partials.discard</c>; <c>content.delete-bytes</c>, where a deletion is part of its caller's commit. Lists go wrong as they begin.</summary>
/// <remarks>Thread-safe. Of the optional companions it offers <see cref="IPartialListing"/>, which is empty where the store beneath has none, and <see cref="IFencedDeletion"/>, which
/// deletes at once there.</remarks>
public sealed class FaultyContentStore(IContentStore inner, FaultPlan plan) : IContentStore, IPartialListing, IFencedDeletion
{
    /// <inheritdoc/>
    public ValueTask<ContentInfo?> FindAsync(ContentId id, CancellationToken cancellationToken = default) =>
        plan.RunAsync("content.find", () => inner.FindAsync(id, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IContentReader?> OpenAsync(ContentId id, CancellationToken cancellationToken = default) => plan.RunAsync(
        "content.open",
        async ValueTask<IContentReader?> () => await inner.OpenAsync(id, cancellationToken) is { } reader ? new FaultyContentReader(reader, plan) : null,
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IPartialContent> OpenPartialAsync(string key, CancellationToken cancellationToken = default) => plan.RunAsync(
        "content.open-partial",
        async ValueTask<IPartialContent> () => new FaultyPartialContent(await inner.OpenPartialAsync(key, cancellationToken), plan),
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> DeleteAsync(ContentId id, CancellationToken cancellationToken = default) =>
        plan.RunAsync("content.delete", () => inner.DeleteAsync(id, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<Func<ValueTask>> DeleteAsync(RecordBatch batch, ContentId id, CancellationToken cancellationToken = default)
    {
        if (inner is not IFencedDeletion fenced)
        {
            await DeleteAsync(id, cancellationToken);
            return static () => default;
        }

        var after = await plan.RunAsync("content.delete", () => fenced.DeleteAsync(batch, id, cancellationToken), cancellationToken);
        return async () => await plan.RunAsync("content.delete-bytes", async ValueTask<bool> () =>
        {
            await after();
            return true;
        }, CancellationToken.None);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ContentInfo> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await plan.RunAsync("content.list", static () => default, cancellationToken);
        await foreach (var info in inner.ListAsync(cancellationToken))
        {
            yield return info;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<PartialInfo> ListPartialsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await plan.RunAsync("partials.list", static () => default, cancellationToken);
        if (inner is IPartialListing listing)
        {
            await foreach (var partial in listing.ListPartialsAsync(cancellationToken))
            {
                yield return partial;
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> DiscardAsync(PartialInfo partial, CancellationToken cancellationToken = default) => plan.RunAsync(
        "partials.discard", () => inner is IPartialListing listing ? listing.DiscardAsync(partial, cancellationToken) : new(false), cancellationToken);
}
