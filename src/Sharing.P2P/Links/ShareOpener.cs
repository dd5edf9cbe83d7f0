using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.P2P;

/// <summary>Opens shares by their links: at the server; at the sharer's terminal where the server cannot be reached; and of what this terminal had of it before, where neither can. Thread-safe singleton.</summary>
public sealed class ShareOpener(
    ShareServers servers, HeldShares held, DeviceIdentity identity, PeerAddresses addresses, IHttpClientFactory clients, AwaitedDeliveries deliveries, IOptions<P2POptions> options, TimeProvider time,
    ILogger<ShareOpener> logger)
{
    /// <summary>Who asks, escaped as in a URL.</summary>
    public const string RequesterHeader = "Share-Requester";

    /// <summary>The terminal that asks.</summary>
    public const string DeviceHeader = "Share-Device";

    /// <summary>Where it is, with commas between.</summary>
    public const string AddressesHeader = "Share-Addresses";

    /// <summary>The number by which it knows the delivery that it wants; left out, it wants none.</summary>
    public const string NonceHeader = "Share-Nonce";

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Opens a share.</summary>
    /// <param name="actor">Who opens it; <c>null</c>: nobody who signed in.</param>
    /// <param name="link">Its link.</param>
    /// <param name="origin">When the sharer's terminal is asked.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns><c>null</c>: the server, or the sharer's terminal, says that there is no such share for the actor.</returns>
    /// <exception cref="SharingException"><see cref="ProblemCodes.NoSource"/>: neither of them can be reached, and this terminal knows nothing of it.</exception>
    public async Task<OpenedShare?> OpenAsync(PersonId? actor, ShareLink link, OriginUse origin = OriginUse.IfNeeded, CancellationToken cancellationToken = default)
    {
        List<SwarmMember> terminals = link.AsMember() is { } sharer ? [sharer] : [];
        var kept = await held.FindAsync(link.Share, cancellationToken);
        terminals.AddRange(kept?.Members ?? []);
        OpenedShare Opened(ShareManifest manifest) => new(manifest, link.Server, terminals);
        if (origin != OriginUse.IfNeeded && await TryOriginAsync(actor, link, origin == OriginUse.HaveDelivered, cancellationToken) is { } asked)
        {
            return asked.Manifest is { } manifest ? Opened(manifest) : null;
        }

        try
        {
            return await servers.SharesAt(link.Server).OpenAsync(actor, link.Share, await identity.NameAsync(cancellationToken), cancellationToken) is { } manifest ? Opened(manifest) : null;
        }
        catch (Exception e) when (IsUnreached(e, cancellationToken))
        {
            P2PLog.ServerUnreached(logger, link.Share, e.GetBaseException().Message);
        }

        return await TryOriginAsync(actor, link, deliver: true, cancellationToken) is { } answer ? answer.Manifest is { } said ? Opened(said) : null
            : kept is not null ? Opened(kept.Manifest)
            : throw new SharingException(ProblemCodes.NoSource, $"Neither {link.Server.Host} nor the sharer's terminal can be reached.");
    }

    /// <returns><c>null</c>: it cannot be reached, or leads to where nobody answers.</returns>
    async Task<(ShareManifest? Manifest, bool IsFinal)?> TryOriginAsync(PersonId? actor, ShareLink link, bool deliver, CancellationToken cancellationToken)
    {
        try
        {
            return link.AsMember() is { } sharer ? await AskAsync(actor, link, sharer, deliver && options.Value.Addresses.Count > 0, cancellationToken) : null;
        }
        catch (Exception e) when (IsUnreached(e, cancellationToken) || e is JsonException or TimeoutException)
        {
            P2PLog.OriginUnreached(logger, link.Share, e.GetBaseException().Message);
            return null;
        }
    }

    async Task<(ShareManifest? Manifest, bool IsFinal)?> AskAsync(PersonId? actor, ShareLink link, SwarmMember sharer, bool deliver, CancellationToken cancellationToken)
    {
        var device = await identity.NameAsync(cancellationToken);
        using var awaited = deliveries.Begin(link.Share);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(addresses.Tell(sharer.Device, [.. sharer.Addresses.Select(IPEndPoint.Parse)]), $"s/{link.Share}"));
        request.Headers.Accept.Add(new("application/json"));
        request.Headers.TryAddWithoutValidation(DeviceHeader, device);
        request.Headers.TryAddWithoutValidation(AddressesHeader, string.Join(',', options.Value.Addresses));
        if (actor is { } person)
        {
            request.Headers.TryAddWithoutValidation(RequesterHeader, Uri.EscapeDataString(person.Value));
        }

        if (deliver)
        {
            request.Headers.TryAddWithoutValidation(NonceHeader, awaited.Nonce);
        }

        using var response = await clients.CreateClient(GuardedClient.Peers).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return response.StatusCode switch
        {
            HttpStatusCode.Accepted => (await awaited.Arrived.WaitAsync(Patience, time, cancellationToken), true),
            HttpStatusCode.OK when response.Content.Headers.ContentType?.MediaType == "application/json" => (await ReadAsync(response, link.Share, cancellationToken), true),
            HttpStatusCode.TemporaryRedirect or HttpStatusCode.Found when response.Headers.Location is { } location && ShareLink.TryParse(location.AbsoluteUri, out var there) && there.Share == link.Share =>
                (await servers.SharesAt(there.Server).OpenAsync(actor, link.Share, device, cancellationToken), true),
            HttpStatusCode.NotFound or HttpStatusCode.Unauthorized => (null, true),
            _ => null,
        };
    }

    static async Task<ShareManifest?> ReadAsync(HttpResponseMessage response, ShareId share, CancellationToken cancellationToken)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        return await JsonSerializer.DeserializeAsync(body, P2PJson.Default.ShareManifest, cancellationToken) is { } manifest && manifest.Share == share ? manifest : null;
    }

    static bool IsUnreached(Exception e, CancellationToken cancellationToken) =>
        !cancellationToken.IsCancellationRequested && e is HttpRequestException or SharingException { Code: ProblemCodes.FetchFailed } or OperationCanceledException;
}
