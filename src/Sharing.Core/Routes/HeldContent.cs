namespace Sharing.Core;

/// <summary>A content as far as it is here: whole, or what a transfer under way has proven of it. Thread-safe; whoever opened it disposes of it.</summary>
public sealed class HeldContent : IContentReader
{
    readonly IContentReader? _whole;
    readonly Intake? _intake;

    internal HeldContent(IContentReader whole) => (_whole, Info) = (whole, whole.Info);

    internal HeldContent(Intake intake, ContentInfo info) => (_intake, Info) = (intake, info);

    /// <inheritdoc/>
    public ContentInfo Info { get; }

    /// <summary>Whether all of it is here.</summary>
    public bool IsWhole => _whole is not null;

    /// <summary>Whether some bytes are here, proven.</summary>
    public async ValueTask<bool> HasAsync(ByteRun run, CancellationToken cancellationToken = default) => IsWhole || await _intake!.HasAsync(run).AsTask().WaitAsync(cancellationToken);

    /// <summary>What is here now, in order of its place.</summary>
    public IReadOnlyList<ByteRun> Held() => _intake?.Held.Now() ?? [new(0, Info.Length)];

    /// <summary>What is here, and what comes, until the transfer ends; <c>null</c>: all.</summary>
    public IAsyncEnumerable<ByteRun>? WatchHeldAsync(CancellationToken cancellationToken = default) => _intake?.Held.ReadAsync(cancellationToken);

    /// <inheritdoc/>
    /// <remarks>Of a content that is not whole, only what <see cref="HasAsync"/> affirmed may be read.</remarks>
    /// <exception cref="SharingException"><see cref="ProblemCodes.NotFound"/>: the transfer ended meanwhile; open it again.</exception>
    public ValueTask<int> ReadAsync(ContentArea area, long offset, Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _whole?.ReadAsync(area, offset, buffer, cancellationToken) ?? _intake!.ReadAsync(area, offset, buffer, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _whole?.DisposeAsync() ?? default;
}
