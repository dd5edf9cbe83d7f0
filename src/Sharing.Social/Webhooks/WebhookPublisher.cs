using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Sharing.Social;

/// <summary>Sends each post as a CloudEvents 1.0 event to an address that the person gave, signed with his secret. An account is that address (its server) and that secret.</summary>
/// <remarks>Nobody can ask a webhook what it has: where its answer was lost, the post's fate stays unknown, and it is sent again only when its owner says so; then with the same id.
/// Thread-safe singleton.</remarks>
sealed class WebhookPublisher : ISocialPublisher, IAccountSignIn
{
    readonly NetworkCaller _caller;
    readonly WebhookOptions _options;

    public WebhookPublisher(NetworkCaller caller, IOptions<WebhookOptions> options)
    {
        (_caller, _options) = (caller, options.Value);
        Traits = new() { Network = _options.Network, Retry = RetrySafety.None, Audiences = [AudienceKind.Everyone], CanUpdate = true, HasServers = true };
    }

    public PublisherTraits Traits { get; }

    public async Task<PublishOutcome> PublishAsync(Post post, Account account, CancellationToken cancellationToken)
    {
        if (account is not { Server: { } address, Token: { } secret })
        {
            return PublishOutcome.NeedsLogin("The webhook has no address or no secret.");
        }

        var id = string.Create(CultureInfo.InvariantCulture, $"{post.Key}.{post.Revision}");
        var body = JsonSerializer.SerializeToUtf8Bytes(EventOf(post, id), WebhookJson.Default.CloudEvent);
        var now = _caller.Time.GetUtcNow();
        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/cloudevents+json", "utf-8");
        request.Headers.Add(WebhookSignature.IdHeader, id);
        request.Headers.Add(WebhookSignature.TimeHeader, now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(WebhookSignature.SignatureHeader, WebhookSignature.Sign(secret, id, now, body));
        var answer = await _caller.SendAsync(request, null, 0, cancellationToken);
        return answer switch
        {
            { IsSuccess: true } => PublishOutcome.Sent(post.Key),
            { Status: System.Net.HttpStatusCode.Gone } => PublishOutcome.NeedsLogin($"{address.Host} wants no more events (410). Connect another address."),

            // It was answered: it did not take the event, and is asked to again.
            { Status: System.Net.HttpStatusCode.InternalServerError or System.Net.HttpStatusCode.ServiceUnavailable, Trouble: { } trouble } => PublishOutcome.Wait(null, trouble.Reason),
            _ => answer.Failure(address.Host),
        };
    }

    public Task<Account> SignInAsync(Account account, CancellationToken cancellationToken) => account is { Server: not null, Token.Length: >= 16 }
        ? Task.FromResult(account)
        : throw new SharingException(ProblemCodes.InvalidInput, "A webhook is an address, and a secret of at least 16 characters that signs what goes there.");

    CloudEvent EventOf(Post post, string id) => new(
        "1.0", id, _options.Source.OriginalString, post.Withdrawn ? "org.sharing-sdk.post.withdrawn" : post.Revision > 1 ? "org.sharing-sdk.post.updated" : "org.sharing-sdk.post.shared", post.Key, post.At,
        "application/json", new(post.Key, post.Revision, post.Author, post.Withdrawn ? null : post.Text, post.Withdrawn ? null : post.Link, post.Withdrawn ? null : post.Resource));
}
