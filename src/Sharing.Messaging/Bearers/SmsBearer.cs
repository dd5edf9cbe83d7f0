using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.Messaging;

/// <summary>Sends short messages through a gateway of the operator's: posts <c>{"to": "+49…", "text": "…"}</c> to it, with its token. Thread-safe singleton.</summary>
sealed class SmsBearer(IHttpClientFactory clients, IOptions<SmsOptions> options) : INetworkBearer
{
    const int LeastDigits = 7, MostDigits = 15; // ITU-T E.164

    public string Name => "sms";

    public string? AddressOf(string typed)
    {
        var digits = new string([.. typed.Where(char.IsAsciiDigit)]);
        return typed.TrimStart().StartsWith('+') && digits.Length is >= LeastDigits and <= MostDigits && typed.All(static c => char.IsAsciiDigit(c) || c is '+' or ' ' or '-' or '(' or ')' or '/') ? "+" + digits : null;
    }

    public async Task<bool> BringAsync(string address, BearerWords words, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, options.Value.Gateway) { Content = JsonContent.Create(new(address, words.Text), MessagingJson.Default.ShortMessage) };
        request.Headers.Authorization = options.Value.Token is { } token ? new("Bearer", token) : null;
        using var response = await clients.CreateClient(GuardedClient.Services).SendAsync(request, cancellationToken);
        return response.IsSuccessStatusCode || (response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.NotFound or HttpStatusCode.UnprocessableEntity ? false
            : throw new HttpRequestException($"The gateway answered {(int)response.StatusCode}."));
    }
}
