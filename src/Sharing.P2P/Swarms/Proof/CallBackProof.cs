using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using Sharing.Core;

namespace Sharing.P2P;

/// <summary>Calls a terminal back: by TLS whoever answers must hold its key; one without TLS signs a number that it is asked with. Thread-safe singleton.</summary>
/// <param name="clients">The guarded clients: what terminals may be at is what <see cref="GuardedClient.Peers"/> admits.</param>
/// <param name="addresses">Where that client looks a terminal up.</param>
public sealed class CallBackProof(IHttpClientFactory clients, PeerAddresses addresses) : IAddressProof
{
    const int NonceSize = 16;
    const int MostAnswer = 1024;

    /// <inheritdoc/>
    public async ValueTask<bool> IsAtAsync(ClaimedPlace place, CancellationToken cancellationToken = default)
    {
        var nonce = RandomNumberGenerator.GetHexString(2 * NonceSize, lowercase: true);
        using var once = addresses.TellOnce(place.Device, place.At, place.IsPlain);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(once.Address, $"p/{place.Ticket}/proof/{nonce}"));
        request.Headers.ConnectionClose = true;
        try
        {
            using var response = await clients.CreateClient(GuardedClient.Peers).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);

            if (!place.IsPlain)
            {
                return true; // the handshake was the proof, whatever was answered after it
            }

            await response.Content.LoadIntoBufferAsync(MostAnswer, cancellationToken); // of more it is none
            return response.IsSuccessStatusCode
                && await response.Content.ReadFromJsonAsync(P2PJson.Default.AddressAnswer, cancellationToken) is { } answer && answer.Fits(place, nonce);
        }
        catch (Exception e) when (e is HttpRequestException or SharingException or System.Text.Json.JsonException)
        {
            return false;
        }
    }
}
