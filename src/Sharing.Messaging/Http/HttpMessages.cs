using System.Runtime.CompilerServices;
using Sharing.Core;

namespace Sharing.Messaging;

/// <summary>Sends messages at a server. Thread-safe.</summary>
public sealed class HttpMessages(ServerConnection server) : IMessages
{
    /// <inheritdoc/>
    public async Task<SentMessage> SendAsync(PersonId actor, MessageDraft draft, string? key = null, CancellationToken cancellationToken = default) =>
        await server.SendAsync(actor, HttpMethod.Post, "v1/messages", draft, MessagingJson.Default.MessageDraft, MessagingJson.Default.SentMessage, key, cancellationToken)
            ?? throw new SharingException(ProblemCodes.NotFound, "There is nothing like that to be sent.");

    /// <inheritdoc/>
    public Task<SentMessage?> FindAsync(PersonId actor, MessageId id, CancellationToken cancellationToken = default) =>
        server.GetAsync(actor, $"v1/messages/{id}", MessagingJson.Default.SentMessage, cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<SentMessage> ListAsync(PersonId actor, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var sent in await server.GetAsync(actor, "v1/messages", MessagingJson.Default.SentMessageArray, cancellationToken) ?? [])
        {
            yield return sent;
        }
    }
}
