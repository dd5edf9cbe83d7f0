namespace Sharing.Photos;

/// <summary>An archive as if it were one content: nothing of it is written down. Thread-safe; its files are opened when they are come to, one at a time.</summary>
/// <param name="layout">Where what of it is.</param>
/// <param name="open">Opens a file.</param>
sealed class ZipReader(ZipLayout layout, Func<ContentId, CancellationToken, ValueTask<IContentReader?>> open) : IContentReader
{
    readonly SemaphoreSlim _turn = new(1, 1);
    IContentReader? _open;

    public ContentInfo Info { get; } = new(layout.Id, layout.Length);

    public async ValueTask<int> ReadAsync(ContentArea area, long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (area != ContentArea.Data || offset >= layout.Length || buffer.IsEmpty)
        {
            return 0;
        }

        var (start, bytes, content) = layout.PartAt(offset);
        if (bytes is not null)
        {
            var some = bytes.AsMemory((int)(offset - start));
            some = some[..Math.Min(some.Length, buffer.Length)];
            some.CopyTo(buffer);
            return some.Length;
        }

        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_open?.Info.Id != content)
            {
                await (_open?.DisposeAsync() ?? default);
                _open = null;
                _open = await open(content, cancellationToken) ?? throw new EndOfStreamException("A photo went while it was being sent.");
            }

            return await _open.ReadAsync(ContentArea.Data, offset - start, buffer, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await (_open?.DisposeAsync() ?? default);
        _turn.Dispose();
    }
}
