using System.Runtime.CompilerServices;
using Sharing.Core;

namespace Sharing.Offline;

/// <summary>The download list of a terminal that is running already, over HTTP.</summary>
public sealed class HttpDownloads(ServerConnection server) : IDownloads
{
    /// <inheritdoc/>
    public async Task<DownloadItem> AddAsync(PersonId actor, DownloadRequest request, CancellationToken cancellationToken = default) =>
        await server.SendAsync(
            actor, HttpMethod.Post, "v1/downloads", request, WireJson.Default.DownloadRequest, WireJson.Default.DownloadItem, request.Key, cancellationToken)
        ?? throw new SharingException(ProblemCodes.NotFound, "There is no such post, or it is not for you.");

    /// <inheritdoc/>
    public Task<DownloadItem?> ChangeAsync(PersonId actor, DownloadId id, DownloadCommand command, CancellationToken cancellationToken = default) =>
        server.GetOrMakeAsync(
            actor, HttpMethod.Post, $"v1/downloads/{id}/{(command switch { DownloadCommand.Pause => "pause", DownloadCommand.Resume => "resume", _ => "cancel" })}", WireJson.Default.DownloadItem, cancellationToken);

    /// <inheritdoc/>
    public Task<SharedPost?> ShareAsync(PersonId actor, DownloadId id, ShareOptions options, CancellationToken cancellationToken = default) =>
        server.SendAsync(
            actor, HttpMethod.Post, $"v1/downloads/{id}/share", options, WireJson.Default.ShareOptions, WireJson.Default.SharedPost, options.Key,
            cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<DownloadItem> ListAsync(PersonId actor, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var item in await server.GetAsync(actor, "v1/downloads", WireJson.Default.DownloadItemArray, cancellationToken) ?? [])
        {
            yield return item;
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<DownloadItem> WatchAsync(PersonId actor, DownloadId id, CancellationToken cancellationToken = default) =>
        server.EventsAsync(actor, $"v1/downloads/{id}/events", WireJson.Default.DownloadItem, cancellationToken);
}
