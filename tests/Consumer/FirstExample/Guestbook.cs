using System.Net;
using System.Net.Http.Json;
using Sharing;

/// <summary>A network of one's own: <c>PUT entries/{key}</c> writes an entry, and writing it again changes nothing.</summary>
sealed class Guestbook(HttpClient http, GuestbookAddress guestbook) : ISocialPublisher
{
    public PublisherTraits Traits { get; } = new()
    {
        Network = "guestbook",
        Retry = RetrySafety.ClientChosenId,
        Audiences = [AudienceKind.Everyone],
        MaxTextLength = 500,
    };

    public async Task<PublishOutcome> PublishAsync(Post post, Account account, CancellationToken cancellationToken)
    {
        var entry = new Uri(guestbook.Value, $"entries/{post.Key}");
        using var request = new HttpRequestMessage(HttpMethod.Put, entry)
        {
            Content = JsonContent.Create(new { post.Text, post.Link }),
            Headers = { Authorization = new("Bearer", account.Token) },
        };
        using var reply = await http.SendAsync(request, cancellationToken); // a lost reply throws, and is repeated with the same key
        return reply.StatusCode switch
        {
            HttpStatusCode.OK or HttpStatusCode.Created => PublishOutcome.Sent(post.Key, entry),
            HttpStatusCode.Unauthorized => PublishOutcome.NeedsLogin(),
            HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError => PublishOutcome.Wait(reply.Headers.RetryAfter),
            var other => PublishOutcome.Refused($"The guestbook answered {(int)other}."),
        };
    }
}

/// <summary>Where the guestbook is.</summary>
sealed record GuestbookAddress(Uri Value);
