using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.P2P;

/// <summary>Fetches shares in this process. Thread-safe singleton.</summary>
public sealed class ShareDownloads(ShareOpener opener, SwarmNode node, IIndexPlacement indexes, IContentStore store, IOptions<P2POptions> options) : IShareDownloads
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<ShareDownload> FetchAsync(
        PersonId actor, ShareLink link, string? name = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var (opened, failed) = await TryOpenAsync(actor, link, cancellationToken);
        if (opened is null)
        {
            yield return failed!;
            yield break;
        }

        var manifest = opened.Manifest;
        var now = new ShareDownload { Share = manifest.Share, Name = name ?? manifest.Name, Length = manifest.Length };
        if (await store.FindAsync(manifest.Content, cancellationToken) is null)
        {
            await using var fetch = await node.FetchAsync(opened, actor: actor, cancellationToken: cancellationToken);
            yield return now;
            await foreach (var progress in fetch.Transfer.Progress.WithCancellation(cancellationToken))
            {
                yield return now = now with { Done = progress.Done, BytesPerSecond = progress.BytesPerSecond, Others = fetch.Others, Sources = await SourcesOfAsync(fetch, cancellationToken) };
            }

            now = await EndAsync(fetch, now with { Others = fetch.Others, Sources = await SourcesOfAsync(fetch, cancellationToken) }, cancellationToken);
        }
        else
        {
            now = now with { Done = now.Length, IsFinished = true };
        }

        yield return now.IsFinished ? await SaveAsync(now, manifest.Content, cancellationToken) : now;
    }

    /// <inheritdoc/>
    public async Task<SwarmView?> OthersAsync(PersonId actor, ShareLink link, CancellationToken cancellationToken = default)
    {
        if (await opener.OpenAsync(actor, link, cancellationToken: cancellationToken) is not { Manifest: var manifest } opened)
        {
            return null;
        }

        var self = await node.SelfAsync(manifest, cancellationToken);
        return await indexes.Of(manifest, opened.Server).AnnounceAsync(manifest.Content, self, manifest.Ticket, cancellationToken);
    }

    static async ValueTask<IReadOnlyList<SourceShare>> SourcesOfAsync(SwarmFetch fetch, CancellationToken cancellationToken) =>
        [.. (await fetch.Transfer.ViewAsync(cancellationToken)).Sources.Where(static source => source.BytesBrought > 0).Select(static source => new SourceShare(source.Name, source.Kind, source.BytesBrought))];

    async Task<(OpenedShare? Opened, ShareDownload? Failed)> TryOpenAsync(PersonId actor, ShareLink link, CancellationToken cancellationToken)
    {
        var none = new ShareDownload { Share = link.Share, Name = link.Share.Value, Length = 0, Failure = ProblemCodes.NotFound, Message = "There is no such share, or it is not for you." };
        try
        {
            return await opener.OpenAsync(actor, link, cancellationToken: cancellationToken) is { } opened ? (opened, null) : (null, none);
        }
        catch (SharingException e)
        {
            return (null, none with { Failure = e.Code, Message = e.Message });
        }
    }

    async Task<ShareDownload> EndAsync(SwarmFetch fetch, ShareDownload now, CancellationToken cancellationToken)
    {
        try
        {
            var result = await fetch.Transfer.Completion.WaitAsync(cancellationToken);
            await node.KeepAsync(fetch.Manifest, result, cancellationToken);
            return now with { Done = now.Length, IsFinished = true };
        }
        catch (SharingException e)
        {
            return now with { Failure = e.Code, Message = e.Message };
        }
    }

    async Task<ShareDownload> SaveAsync(ShareDownload now, ContentId content, CancellationToken cancellationToken)
    {
        if (options.Value.SaveFolder is not { } folder || await store.OpenAsync(content, cancellationToken) is not { } reader)
        {
            return now;
        }

        return now with { SavedAs = await SafeFile.SaveAsync(folder, now.Name, new ContentStream(reader, ContentArea.Data, 0), cancellationToken) };
    }
}
