using Sharing.Core;

namespace Sharing.Offline;

/// <summary>What a post's link leads to. Whoever opened it disposes it.</summary>
/// <param name="Resource">What is known of the resource.</param>
/// <param name="Stored">The stored bytes, readable at any offset; or <c>null</c>, and then:</param>
/// <param name="Online">the bytes from the origin on, once, from the beginning.</param>
/// <param name="Offer">What the origin says of them.</param>
public sealed record RelayedContent(Resource Resource, IContentReader? Stored, Stream? Online, SourceOffer? Offer) : IAsyncDisposable
{
    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await (Stored?.DisposeAsync() ?? default);
        await (Online?.DisposeAsync() ?? default);
    }
}
