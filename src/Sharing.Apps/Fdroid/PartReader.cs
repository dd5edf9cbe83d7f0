namespace Sharing.Apps;

/// <summary>Reads parts of a stored index; in their order, each byte of it is asked of the store about once. Not thread-safe; the reader stays the caller's.</summary>
sealed class PartReader(IContentReader index, int window)
{
    /// <summary>A window for reading all parts.</summary>
    public const int All = 256 * 1024;

    byte[] _window = new byte[window];
    long _offset;
    int _held;

    /// <summary>Reads a part's value.</summary>
    /// <returns>Its bytes, until the next call.</returns>
    /// <exception cref="PackageFormatException">The index ends before it.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(IndexPart part, CancellationToken cancellationToken)
    {
        if (part.Offset < _offset || part.Offset + part.Length > _offset + _held)
        {
            await FillAsync(part, cancellationToken);
        }

        return _window.AsMemory((int)(part.Offset - _offset), part.Length);
    }

    async Task FillAsync(IndexPart part, CancellationToken cancellationToken)
    {
        if (_window.Length < part.Length)
        {
            _window = new byte[part.Length];
        }

        (_offset, _held) = (part.Offset, 0);
        for (int read; _held < _window.Length; _held += read)
        {
            read = await index.ReadAsync(ContentArea.Data, _offset + _held, _window.AsMemory(_held), cancellationToken);
            if (read == 0)
            {
                break;
            }
        }

        if (_held < part.Length)
        {
            throw IndexJson.Damaged();
        }
    }
}
