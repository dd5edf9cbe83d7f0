namespace Sharing.Testing;

/// <summary>A network that goes wrong as planned: <c>publisher.publish</c>. Thread-safe. Optional companions of the one beneath are not offered.</summary>
public sealed class FaultyPublisher(ISocialPublisher inner, FaultPlan plan) : ISocialPublisher
{
    /// <inheritdoc/>
    public PublisherTraits Traits => inner.Traits;

    /// <inheritdoc/>
    public Task<PublishOutcome> PublishAsync(Post post, Account account, CancellationToken cancellationToken) =>
        plan.RunAsync("publisher.publish", () => new ValueTask<PublishOutcome>(inner.PublishAsync(post, account, cancellationToken)), cancellationToken).AsTask();
}
