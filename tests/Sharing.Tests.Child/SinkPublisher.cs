using System.Net;
using System.Text;

namespace Sharing.Tests.Child;

/// <summary>Publishes at one of the lossy networks.</summary>
class SinkPublisher(HttpClient http, Uri sinks, string network, RetrySafety retry) : ISocialPublisher
{
    protected HttpClient Http => http;

    protected Uri Sinks => sinks;

    public PublisherTraits Traits { get; } = new() { Network = network, Retry = retry, Audiences = [AudienceKind.Everyone] };

    public async Task<PublishOutcome> PublishAsync(Post post, Account account, CancellationToken cancellationToken)
    {
        using var request = retry == RetrySafety.ClientChosenId
            ? new HttpRequestMessage(HttpMethod.Put, new Uri(sinks, $"{network}/{post.Key}"))
            : new HttpRequestMessage(HttpMethod.Post, new Uri(sinks, network));
        request.Headers.Add("Idempotency-Key", post.Key);
        request.Content = new StringContent(post.Text, Encoding.UTF8);
        using var reply = await http.SendAsync(request, cancellationToken);
        reply.EnsureSuccessStatusCode();
        return PublishOutcome.Sent(post.Key);
    }

    /// <summary>The one that must be looked at before a repeat.</summary>
    public sealed class Plain(HttpClient http, Uri sinks) : SinkPublisher(http, sinks, "plain", RetrySafety.LookFirst), IPostLookup
    {
        public async Task<PublishOutcome?> FindAsync(Post post, Account account, CancellationToken cancellationToken)
        {
            using var reply = await Http.GetAsync(new Uri(Sinks, "plain?key=" + post.Key), cancellationToken);
            return reply.StatusCode switch
            {
                HttpStatusCode.OK => PublishOutcome.Sent(post.Key),
                HttpStatusCode.NotFound => null,
                var other => throw new HttpRequestException($"{(int)other}"),
            };
        }
    }
}
