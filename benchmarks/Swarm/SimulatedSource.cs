using Sharing.Core;

namespace Sharing.Swarm;

/// <summary>A host as others know it. Its bytes are counted, not read.</summary>
sealed class SimulatedSource(int host, SourceTraits traits) : IPartChooser, IContentSource
{
    public int Host => host;

    public SourceTraits Traits => traits;

    public ValueTask<SourceOffer?> ProbeAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<SourceRead> OpenAsync(long offset, string? validator, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<Stream> OpenPartAsync(long offset, long length, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<(int Chosen, Stream Body)?> OpenAnyAsync(IReadOnlyList<ByteRun> parts, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<Stream> OpenGroupsAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public IAsyncEnumerable<ByteRun>? WatchHeldAsync(CancellationToken cancellationToken = default) => traits.Kind == SourceKind.Server ? null : AsyncEnumerable.Empty<ByteRun>();
}
