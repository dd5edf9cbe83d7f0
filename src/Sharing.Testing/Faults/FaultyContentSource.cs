using Sharing.Core;

namespace Sharing.Testing;

/// <summary>A source that goes wrong as planned: <c>source.probe</c>, <c>source.open</c>, and <c>source.read</c> for each read of a body. Optional companions of
/// the one beneath are not offered.</summary>
public sealed class FaultyContentSource(IContentSource inner, FaultPlan plan) : IContentSource
{
    /// <inheritdoc/>
    public SourceTraits Traits => inner.Traits;

    /// <inheritdoc/>
    public ValueTask<SourceOffer?> ProbeAsync(CancellationToken cancellationToken = default) =>
        plan.RunAsync("source.probe", () => inner.ProbeAsync(cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<SourceRead> OpenAsync(long offset, string? validator, CancellationToken cancellationToken = default) => plan.RunAsync(
        "source.open",
        async ValueTask<SourceRead> () =>
        {
            var read = await inner.OpenAsync(offset, validator, cancellationToken);
            return new(read.Offer, read.Offset, new FaultyStream(read.Body, plan, "source.read", read));
        },
        cancellationToken);
}
