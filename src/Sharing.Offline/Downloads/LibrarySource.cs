using Sharing.Core;

namespace Sharing.Offline;

/// <summary>The offline library as a source of a transfer: becomes available when the resource lands there (row R8).</summary>
public sealed class LibrarySource(IPostContent content, PersonId? actor, PostId post) : IContentSource, IProofSource
{
    /// <inheritdoc/>
    public SourceTraits Traits { get; } = new("offline library", SourceKind.Server);

    /// <inheritdoc/>
    public async ValueTask<SourceOffer?> ProbeAsync(CancellationToken cancellationToken = default)
    {
        await foreach (var state in content.WatchAsync(actor, post, cancellationToken))
        {
            if (state is { State: OfflineState.Stored, Content: { } stored })
            {
                return new SourceOffer { ContentId = stored.Id, Length = stored.Length };
            }

            if (state.State == OfflineState.Failed)
            {
                break;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public async ValueTask<SourceRead> OpenAsync(long offset, string? validator, CancellationToken cancellationToken = default)
    {
        var reader = await OpenReaderAsync(cancellationToken);
        var offer = new SourceOffer { ContentId = reader.Info.Id, Length = reader.Info.Length };
        return new SourceRead(offer, offset, new ContentStream(reader, ContentArea.Data, offset));
    }

    /// <inheritdoc/>
    public async ValueTask<Stream> OpenGroupsAsync(CancellationToken cancellationToken = default) =>
        new ContentStream(await OpenReaderAsync(cancellationToken), ContentArea.Groups, 0);

    async Task<IContentReader> OpenReaderAsync(CancellationToken cancellationToken) =>
        await content.OpenAsync(actor, post, cancellationToken)
            ?? throw new SharingException(ProblemCodes.NotFound, "The offline library does not have it any more.");
}
