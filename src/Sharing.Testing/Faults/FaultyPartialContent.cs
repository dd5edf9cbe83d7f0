namespace Sharing.Testing;

sealed class FaultyPartialContent(IPartialContent inner, FaultPlan plan) : IPartialContent
{
    public ValueTask<int> ReadAsync(ContentArea area, long offset, Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        FaultyBytes.ReadAsync(plan, "partial.read", buffer, into => inner.ReadAsync(area, offset, into, cancellationToken), cancellationToken);

    public ValueTask WriteAsync(ContentArea area, long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default) =>
        FaultyBytes.WriteAsync(plan, "partial.write", bytes, from => inner.WriteAsync(area, offset, from, cancellationToken), cancellationToken);

    public ValueTask<long> FlushAsync(CancellationToken cancellationToken = default) =>
        plan.RunAsync("partial.flush", () => inner.FlushAsync(cancellationToken), cancellationToken);

    public ValueTask PublishAsync(ContentInfo info, CancellationToken cancellationToken = default) =>
        plan.RunAsync("partial.publish", () => inner.PublishAsync(info, cancellationToken), cancellationToken);

    public ValueTask DiscardAsync(CancellationToken cancellationToken = default) =>
        plan.RunAsync("partial.discard", () => inner.DiscardAsync(cancellationToken), cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
