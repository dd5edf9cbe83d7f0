using System.Net;
using System.Net.Http.Json;
using Sharing.Core;

namespace Sharing.Messaging;

/// <summary>Wakes a terminal at an address of its own, over IPv4 or IPv6: posts it the words as JSON. Strangers' addresses are reached as such: public ones alone. Thread-safe singleton.</summary>
sealed class IpBearer(IHttpClientFactory clients) : INetworkBearer
{
    const int MaxLength = 500;

    public string Name => "ip";

    public string? AddressOf(string typed) =>
        typed.Length <= MaxLength && Uri.TryCreate(typed, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address.UserInfo.Length == 0 && IPAddress.TryParse(address.DnsSafeHost, out _) ? address.AbsoluteUri : null;

    public async Task<bool> BringAsync(string address, BearerWords words, CancellationToken cancellationToken = default)
    {
        using var response = await clients.CreateClient(GuardedClient.Name).PostAsJsonAsync(new Uri(address), words, MessagingJson.Default.BearerWords, cancellationToken);
        return response.IsSuccessStatusCode;
    }
}
