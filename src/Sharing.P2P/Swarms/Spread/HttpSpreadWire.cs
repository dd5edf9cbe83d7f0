using System.Net;
using System.Net.Http.Headers;
using Sharing.Core;

namespace Sharing.P2P;

/// <summary>Asks other terminals as their content is asked for: by the guarded client, which takes no certificate but theirs.</summary>
sealed class HttpSpreadWire(IHttpClientFactory clients, PeerAddresses addresses, TimeProvider time) : ISpreadWire
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public async Task<byte[]> AskAsync(SwarmMember partner, string ticket, byte[] question, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(Patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        var places = partner.Addresses.Select(static text => IPEndPoint.TryParse(text, out var place) ? place : null).OfType<IPEndPoint>().ToArray();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(addresses.Tell(partner.Device, places, partner.IsPlain), $"p/{ticket}/members"))
        {
            Content = new ByteArrayContent(question) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } },
        };
        using var response = await clients.CreateClient(GuardedClient.Peers).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token);
        response.EnsureSuccessStatusCode();
        await using var stream = await response.Content.ReadAsStreamAsync(both.Token);
        var answer = new byte[SpreadMessages.MostAnswer + SpreadRecord.Most + 1];
        var length = await stream.ReadAtLeastAsync(answer, answer.Length, throwOnEndOfStream: false, both.Token);
        return length < answer.Length ? answer[..length] : throw new HttpRequestException("The answer is too long.");
    }
}
