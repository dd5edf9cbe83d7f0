namespace Sharing.Messaging;

/// <summary>The sender's side of messages (rows M4, M5). Thread-safe singleton.</summary>
/// <remarks>What is answered is durable: it arrives once with each receiver, whatever crashes.</remarks>
public interface IMessages
{
    /// <summary>Sends a message to one or many, friends or not. Those who are unknown or refuse do not keep the others from getting it.</summary>
    /// <param name="actor">Who sends.</param>
    /// <param name="draft">What, and to whom.</param>
    /// <param name="key">The sender's own name for this message: sent again with the same key and draft, it is sent once; <c>null</c>: each call sends.</param>
    /// <param name="cancellationToken">Gives up waiting for the answer.</param>
    /// <exception cref="SharingException"><see cref="ProblemCodes.InvalidInput"/>; <see cref="ProblemCodes.NotFound"/>: there is no such upload, message or item for him;
    /// <see cref="ProblemCodes.KeyReused"/>: the key was used for another message.</exception>
    Task<SentMessage> SendAsync(PersonId actor, MessageDraft draft, string? key = null, CancellationToken cancellationToken = default);

    /// <summary>A message that the actor sent, and how far it has come; <c>null</c>: there is none.</summary>
    Task<SentMessage?> FindAsync(PersonId actor, MessageId id, CancellationToken cancellationToken = default);

    /// <summary>What the actor sent, the newest first.</summary>
    IAsyncEnumerable<SentMessage> ListAsync(PersonId actor, CancellationToken cancellationToken = default);
}
