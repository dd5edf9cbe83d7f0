using Sharing.Core;

namespace Sharing.P2P;

/// <summary>Deliveries by the shared-data server. Thread-safe.</summary>
public sealed class HttpDeliveries(ServerConnection server) : IDeliveries
{
    /// <inheritdoc/>
    public Task RegisterAsync(PersonId actor, string device, CancellationToken cancellationToken = default) =>
        server.TellAsync(actor, HttpMethod.Put, $"v1/devices/{device}", cancellationToken);

    /// <inheritdoc/>
    public async Task<bool> DeliverAsync(PersonId actor, ShareId share, DeliveryRequest request, CancellationToken cancellationToken = default)
    {
        var message = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Server, $"v1/shares/{share}/deliveries"))
        {
            Content = System.Net.Http.Json.JsonContent.Create(request, P2PJson.Default.DeliveryRequest),
        };
        using var response = await server.SendAsync(actor, message, cancellationToken);
        return response is not null;
    }
}
