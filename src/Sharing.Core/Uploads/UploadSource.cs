namespace Sharing.Core;

/// <summary>Bytes to upload, which can be read again from any offset. As thread-safe as what it is made of.</summary>
public sealed class UploadSource
{
    readonly Func<long, CancellationToken, ValueTask<Stream>> _open;

    /// <summary>Takes bytes from wherever they are.</summary>
    /// <param name="length">How many there are.</param>
    /// <param name="open">Opens them at an offset. What it returns is disposed.</param>
    public UploadSource(long length, Func<long, CancellationToken, ValueTask<Stream>> open)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        (Length, _open) = (length, open);
    }

    /// <summary>How many bytes there are.</summary>
    public long Length { get; }

    /// <summary>A file, opened each time anew. It must not change meanwhile.</summary>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    public static UploadSource OfFile(string path) => new(new FileInfo(path).Length, (offset, _) =>
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.Asynchronous | FileOptions.SequentialScan);
        file.Position = offset;
        return new(file);
    });

    /// <summary>A stream that can seek, from its beginning. It is not disposed, and nobody else may use it meanwhile.</summary>
    /// <exception cref="ArgumentException">It cannot seek.</exception>
    public static UploadSource Of(Stream stream) => stream.CanSeek
        ? new(stream.Length, (offset, _) =>
        {
            stream.Position = offset;
            return new(new PartStream(stream.ReadAsync, null));
        })
        : throw new ArgumentException("The stream must be able to seek: after a break it is read again.", nameof(stream));

    /// <summary>A stored content. The reader is not disposed.</summary>
    public static UploadSource Of(IContentReader reader) => new(reader.Info.Length, (offset, _) =>
    {
        var at = offset;
        return new(new PartStream(
            async (buffer, cancellationToken) =>
            {
                var read = await reader.ReadAsync(ContentArea.Data, at, buffer, cancellationToken);
                at += read;
                return read;
            },
            null));
    });

    /// <summary>Some of the bytes.</summary>
    internal async ValueTask<Stream> OpenAsync(long offset, long length, Action<int>? onRead, CancellationToken cancellationToken)
    {
        var stream = await _open(offset, cancellationToken);
        var left = length;
        return new PartStream(
            async (buffer, token) =>
            {
                if (left == 0 || buffer.IsEmpty)
                {
                    return 0;
                }

                var read = await stream.ReadAsync(buffer[..(int)Math.Min(buffer.Length, left)], token);
                left = read > 0 ? left - read : throw new EndOfStreamException("The bytes to upload have become fewer.");
                onRead?.Invoke(read);
                return read;
            },
            stream);
    }

    sealed class PartStream(Func<Memory<byte>, CancellationToken, ValueTask<int>> read, Stream? owned) : ReadOnlyStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => read(buffer, cancellationToken);

        public override async ValueTask DisposeAsync()
        {
            await (owned?.DisposeAsync() ?? default);
            await base.DisposeAsync();
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                owned?.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
