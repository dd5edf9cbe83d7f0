namespace Sharing.Messaging;

/// <summary>The receiver's side of messages: one inbox a person, in order, kept for a while, whichever terminals of his are on (row M9). Thread-safe singleton.</summary>
public interface IInbox
{
    /// <summary>Reads from a place on.</summary>
    Task<InboxPage> ReadAsync(PersonId actor, InboxQuery query, CancellationToken cancellationToken = default);

    /// <summary>A message that the actor has received; <c>null</c>: there is none.</summary>
    Task<Message?> FindAsync(PersonId actor, MessageId id, CancellationToken cancellationToken = default);

    /// <summary>The bytes of what a message brings, for receivers and the sender; <c>null</c>: there is no such message, or the server does not have them.</summary>
    Task<IContentReader?> OpenAsync(PersonId actor, MessageId id, CancellationToken cancellationToken = default);

    /// <summary>Says that a terminal has taken everything up to a number. Never goes back.</summary>
    Task AcknowledgeAsync(PersonId actor, string device, long upTo, CancellationToken cancellationToken = default);

    /// <summary>Tells what arrives, from a place on, until it is given up: everything, in order, once.</summary>
    /// <param name="actor">Whose inbox.</param>
    /// <param name="query">From where.</param>
    /// <param name="cancellationToken">Ends it.</param>
    IAsyncEnumerable<InboxEvent> WatchAsync(PersonId actor, InboxQuery query, CancellationToken cancellationToken = default);
}
