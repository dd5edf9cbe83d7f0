using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.Logging;
using Sharing.Core;

namespace Sharing.P2P;

/// <summary>Deliveries on the shared-data server. Thread-safe singleton.</summary>
/// <remarks>Record: <c>device-of/{device}</c>, whose terminal it is; the newest registration counts, and nobody gains by another's: what is delivered reaches the holder of the certificate alone.</remarks>
public sealed class RecordDeliveries(
    IRecordStore records, RecordShares shares, PeerAddresses addresses, IHttpClientFactory clients, ILogger<RecordDeliveries> logger) : IDeliveries
{
    /// <inheritdoc/>
    public async Task RegisterAsync(PersonId actor, string device, CancellationToken cancellationToken = default)
    {
        Require(ShareLink.IsDevice(device), "A terminal's name is 64 lower-case hex digits.");
        if ((await records.GetAsync(KeyOf(device), P2PJson.Default.String, cancellationToken))?.Value != actor.Value)
        {
            await records.CommitAsync(new RecordBatch().Put(KeyOf(device), actor.Value, P2PJson.Default.String, RecordBatch.Any), cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async Task<bool> DeliverAsync(PersonId actor, ShareId share, DeliveryRequest request, CancellationToken cancellationToken = default)
    {
        Require(request.IsWellFormed, "A delivery names a terminal, up to eight addresses with ports, and a number of 32 lower-case hex digits.");
        if (await shares.OwnerOfAsync(share, cancellationToken) is not { } own || own.Owner != actor)
        {
            return false;
        }

        // Whoever asks may call himself what he likes; whose terminal it is, is known from its owner.
        var holder = (await records.GetAsync(KeyOf(request.Device), P2PJson.Default.String, cancellationToken))?.Value;
        var requester = request.Requester is { } said && said.Value == holder ? request.Requester : null;
        return await shares.OpenAsync(requester, share, request.Device, cancellationToken) is { } manifest && await BringAsync(request, manifest, cancellationToken);
    }

    async Task<bool> BringAsync(DeliveryRequest request, ShareManifest manifest, CancellationToken cancellationToken)
    {
        var address = addresses.Tell(request.Device, [.. request.Addresses.Select(IPEndPoint.Parse)]);
        using var message = new HttpRequestMessage(HttpMethod.Post, new Uri(address, "p/deliveries"))
        {
            Content = JsonContent.Create(new ShareDelivery(request.Nonce, manifest), P2PJson.Default.ShareDelivery),
        };
        try
        {
            using var response = await clients.CreateClient(GuardedClient.Peers).SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (SharingException e) when (e.Code == ProblemCodes.FetchFailed)
        {
            P2PLog.DeliveryFailed(logger, manifest.Share, e.GetBaseException().Message);
            return false;
        }
    }

    static void Require(bool fits, string message)
    {
        if (!fits)
        {
            throw new SharingException(ProblemCodes.InvalidInput, message);
        }
    }

    static RecordKey KeyOf(string device) => RecordKey.Of("device-of", device);
}
