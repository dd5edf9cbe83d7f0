using Microsoft.Extensions.Logging;
using Sharing.Core;

namespace Sharing.P2P;

/// <summary>The sharer's own terminal, asked for a share by its link (row D2): leads to the server, has the server deliver, or gives the file itself. Thread-safe singleton.</summary>
/// <remarks>Who may see a share is for the server to decide. Without it only what is for everyone is given: that opens for whoever has the link anyway.</remarks>
public sealed class ShareOrigin(OwnShares own, ShareServers servers, TransferEngine engine, TimeProvider time, ILogger<ShareOrigin> logger) : IDisposable
{
    /// <summary>How many deliveries are asked of the server at once; whoever comes then is led to the server.</summary>
    const int MostDeliveries = 8;

    readonly SemaphoreSlim _slots = new(MostDeliveries);

    /// <summary>Answers a request.</summary>
    /// <param name="share">The share.</param>
    /// <param name="request">Where it is to be delivered; <c>null</c>: it need not be.</param>
    /// <param name="takesManifest">Whether the requester is a terminal that can do with a manifest.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns><c>null</c>: this terminal does not share it, or not with whoever asks.</returns>
    public async Task<OriginAnswer?> AnswerAsync(ShareId share, DeliveryRequest? request, bool takesManifest, CancellationToken cancellationToken = default)
    {
        if (await own.FindAsync(share, cancellationToken) is not { } known)
        {
            return null;
        }

        var elsewhere = new OriginAnswer { Elsewhere = new ShareLink { Server = known.Server, Share = share }.AtServer };
        if (request is null)
        {
            return known.IsComplete || (takesManifest && known.Open is null) ? elsewhere
                : known.Open is null ? null
                : takesManifest ? ManifestOf(known)
                : await engine.OpenHeldAsync(known.Content, cancellationToken) is { } held ? new() { Content = held, Name = known.Name }
                : elsewhere;
        }

        return !request.IsWellFormed ? throw new SharingException(ProblemCodes.InvalidInput, "The headers Share-Device, Share-Addresses and Share-Nonce do not fit.")
            : await ForwardAsync(share, known, request, cancellationToken) switch
            {
                true => new() { IsForwarded = true },
                false => null,
                null => ManifestOf(known) ?? elsewhere,
            };
    }

    /// <inheritdoc/>
    public void Dispose() => _slots.Dispose();

    /// <summary>Has the server deliver it.</summary>
    /// <returns><c>null</c>: the server cannot be reached either, or too many wait for it.</returns>
    async Task<bool?> ForwardAsync(ShareId share, OwnShare known, DeliveryRequest request, CancellationToken cancellationToken)
    {
        if (!await _slots.WaitAsync(TimeSpan.Zero, cancellationToken))
        {
            return null;
        }

        try
        {
            return await servers.DeliveriesAt(known.Server).DeliverAsync(known.Owner, share, request, cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException or SharingException { Code: not ProblemCodes.InvalidInput } && !cancellationToken.IsCancellationRequested)
        {
            P2PLog.DeliveryFailed(logger, share, e.GetBaseException().Message);
            return null;
        }
        finally
        {
            _slots.Release();
        }
    }

    OriginAnswer? ManifestOf(OwnShare known) =>
        known.Open is { } open && Tickets.ReadUnchecked(open.Ticket) is { } ticket && ticket.Expires > time.GetUtcNow() ? new() { Manifest = open } : null;
}
