using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using Sharing;

namespace OwnNetwork;

/// <summary>Publishes in a guestbook: <c>PUT entries/{key}</c> writes an entry, or changes it, and <c>DELETE</c> takes it back.</summary>
public sealed class Guestbook(HttpClient http) : ISocialPublisher
{
    public Uri Server { get; init; } = new("https://guestbook.example.org/");

    public PublisherTraits Traits { get; } = new()
    {
        Network = "guestbook",
        Retry = RetrySafety.ClientChosenId, // the entry's id is our key: a repeat writes the same entry
        Audiences = [AudienceKind.Everyone], // a post for anybody less never reaches it
        MaxTextLength = 500,
        CanUpdate = true,
    };

    public async Task<PublishOutcome> PublishAsync(Post post, Account account, CancellationToken cancellationToken)
    {
        var entry = new Uri(Server, string.Create(CultureInfo.InvariantCulture, $"entries/{post.Key}?revision={post.Revision}"));
        using var request = new HttpRequestMessage(post.Withdrawn ? HttpMethod.Delete : HttpMethod.Put, entry)
        {
            Content = post.Withdrawn ? null : JsonContent.Create(new { post.Text, post.Link }),
            Headers = { Authorization = new("Bearer", account.Token) },
        };

        // No catch: an exception means that nobody knows whether the entry was written, and the outbox repeats it with the same key.
        using var reply = await http.SendAsync(request, cancellationToken);
        return reply.StatusCode switch
        {
            HttpStatusCode.OK or HttpStatusCode.Created or HttpStatusCode.NoContent => PublishOutcome.Sent(post.Key, new Uri(Server, $"entries/{post.Key}")),
            HttpStatusCode.Unauthorized => PublishOutcome.NeedsLogin(),
            HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError => PublishOutcome.Wait(reply.Headers.RetryAfter),
            var other => PublishOutcome.Refused($"The guestbook answered {(int)other}."),
        };
    }
}
