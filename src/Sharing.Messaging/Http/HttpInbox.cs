using System.Globalization;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Sharing.Core;

namespace Sharing.Messaging;

/// <summary>A person's inbox at a server. After a break it goes on where it was: nothing is missed, nothing comes twice. Thread-safe.</summary>
/// <param name="server">The server.</param>
/// <param name="time">Times the rests between attempts.</param>
public sealed class HttpInbox(ServerConnection server, TimeProvider time) : IInbox
{
    static readonly TimeSpan FirstRest = TimeSpan.FromMilliseconds(200), LongestRest = TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    public async Task<InboxPage> ReadAsync(PersonId actor, InboxQuery query, CancellationToken cancellationToken = default) =>
        await server.GetAsync(actor, "v1/inbox" + Text(query), MessagingJson.Default.InboxPage, cancellationToken) ?? throw new SharingException(ProblemCodes.RoleNotHere, "That server has no inboxes.");

    /// <inheritdoc/>
    public Task<Message?> FindAsync(PersonId actor, MessageId id, CancellationToken cancellationToken = default) =>
        server.GetAsync(actor, $"v1/inbox/{id}", MessagingJson.Default.Message, cancellationToken);

    /// <inheritdoc/>
    public async Task<IContentReader?> OpenAsync(PersonId actor, MessageId id, CancellationToken cancellationToken = default) =>
        await HttpContentReader.OpenAsync(server, actor, $"v1/inbox/{id}/content", null, cancellationToken);

    /// <inheritdoc/>
    public async Task AcknowledgeAsync(PersonId actor, string device, long upTo, CancellationToken cancellationToken = default)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Server, "v1/inbox/acknowledgements")) { Content = JsonContent.Create(new(device, upTo), MessagingJson.Default.InboxAcknowledgement) };
        using var response = await server.SendAsync(actor, request, cancellationToken) ?? throw new SharingException(ProblemCodes.RoleNotHere, "That server has no inboxes.");
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<InboxEvent> WatchAsync(PersonId actor, InboxQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var rest = FirstRest;
        for (var at = query; ;)
        {
            await using var events = OnceAsync(actor, at, cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (await NextAsync(events))
            {
                rest = FirstRest;
                at = at with { After = events.Current.Number };
                yield return events.Current;
            }

            await Task.Delay(rest, time, cancellationToken);
            rest = rest * 2 < LongestRest ? rest * 2 : LongestRest;
        }
    }

    /// <summary>Whether there is one more; a connection that broke off is over.</summary>
    static async ValueTask<bool> NextAsync(IAsyncEnumerator<InboxEvent> events)
    {
        try
        {
            return await events.MoveNextAsync();
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return false;
        }
    }

    async IAsyncEnumerable<InboxEvent> OnceAsync(PersonId actor, InboxQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var response = await server.SendAsync(actor, new(HttpMethod.Get, new Uri(server.Server, "v1/inbox/events" + Text(query))), cancellationToken)
            ?? throw new SharingException(ProblemCodes.RoleNotHere, "That server has no inboxes.");
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        await foreach (var item in SseParser.Create(stream, static (kind, data) => kind switch
        {
            "message" => JsonSerializer.Deserialize(data, MessagingJson.Default.Message) is { } message ? new InboxEvent(message.Number, message) : null,
            "resync" => JsonSerializer.Deserialize(data, MessagingJson.Default.InboxEvent),
            _ => null,
        }).EnumerateAsync(cancellationToken))
        {
            if (item.Data is { } known)
            {
                yield return known;
            }
        }
    }

    static string Text(InboxQuery query) => string.Create(CultureInfo.InvariantCulture, $"?count={query.Count}") + (query.Before is { } before ? string.Create(CultureInfo.InvariantCulture, $"&before={before}") : "") + (query.After is { } after ? string.Create(CultureInfo.InvariantCulture, $"&after={after}") : "")
        + (query.Device is { } device ? $"&device={Uri.EscapeDataString(device)}" : "");
}
