namespace Sharing.Testing;

sealed class FaultyContentReader(IContentReader inner, FaultPlan plan) : IContentReader
{
    public ContentInfo Info => inner.Info;

    public ValueTask<int> ReadAsync(ContentArea area, long offset, Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        FaultyBytes.ReadAsync(plan, "content.read", buffer, into => inner.ReadAsync(area, offset, into, cancellationToken), cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
