namespace Sharing.Photos;

/// <summary>Bytes that are being given. Whether they may still be is asked again each second: what ended in another process, or by itself, ends here too. As thread-safe as the reader, which it disposes.</summary>
sealed class WatchedReader(IContentReader inner, Func<CancellationToken, ValueTask<bool>> mayGo, TimeProvider time) : IContentReader
{
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    long _asked = time.GetTimestamp();

    public ContentInfo Info => inner.Info;

    public async ValueTask<int> ReadAsync(ContentArea area, long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (time.GetElapsedTime(_asked) >= Pause)
        {
            _asked = time.GetTimestamp();
            if (!await mayGo(cancellationToken))
            {
                throw new SharingException(ProblemCodes.NotFound, "It is not shown any more.");
            }
        }

        return await inner.ReadAsync(area, offset, buffer, cancellationToken);
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
