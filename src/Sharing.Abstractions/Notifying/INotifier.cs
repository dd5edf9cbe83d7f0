namespace Sharing;

/// <summary>Tells people that something is there for them: by mail, by push, by whatever a product has. Thread-safe singleton.</summary>
/// <remarks>Called from a durable outbox, one attempt at a time. An exception is a fault of a moment: the attempt is made again.</remarks>
public interface INotifier
{
    /// <summary>Tells one person once.</summary>
    /// <param name="notification">What. Its <see cref="Notification.Key"/> is the same at each attempt.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether it went out, cannot, or is to be tried again.</returns>
    Task<NotifyOutcome> NotifyAsync(Notification notification, CancellationToken cancellationToken = default);
}
