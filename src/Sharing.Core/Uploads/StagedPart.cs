using System.Buffers;
using System.Security.Cryptography;

namespace Sharing.Core;

/// <summary>A part whose bytes count only once its checksum was seen to fit: until then they are in a partial content of their own. Whatever an earlier
/// process left there is dropped.</summary>
sealed class StagedPart : IAsyncDisposable
{
    const int Piece = ContentTree.GroupSize;

    readonly IPartialContent _staged;
    long _length;

    StagedPart(IPartialContent staged) => _staged = staged;

    /// <summary>Takes a whole body in.</summary>
    /// <exception cref="SharingException"><see cref="ProblemCodes.ChecksumMismatch"/>, <see cref="ProblemCodes.TooLarge"/>, or what ended the body.</exception>
    public static async Task<StagedPart> TakeAsync(IContentStore store, UploadId id, UploadBody body, UploadChecksum checksum, long most)
    {
        var part = new StagedPart(await store.OpenPartialAsync(UploadKeys.Staged(id), CancellationToken.None));
        try
        {
            var hash = await part.TakeAsync(body, checksum.Algorithm, most);
            return body.Fault is { } fault ? throw fault
                : CryptographicOperations.FixedTimeEquals(hash, checksum.Hash.Span) ? part
                : throw new SharingException(ProblemCodes.ChecksumMismatch, $"The bytes do not fit their {checksum.Algorithm} checksum.");
        }
        catch
        {
            await part.DisposeAsync();
            throw;
        }
    }

    /// <summary>The bytes, from the first on.</summary>
    public Stream Open() => new StagedStream(_staged, _length);

    public async ValueTask DisposeAsync()
    {
        await _staged.DiscardAsync(CancellationToken.None);
        await _staged.DisposeAsync();
    }

    async Task<byte[]> TakeAsync(UploadBody body, string algorithm, long most)
    {
        using var hasher = new ChecksumHasher(algorithm);
        var buffer = ArrayPool<byte>.Shared.Rent(Piece);
        try
        {
            while (await body.ReadAsync(buffer.AsMemory(0, Piece)) is var read and > 0)
            {
                if (read > most - _length)
                {
                    throw new SharingException(ProblemCodes.TooLarge, "There are more bytes than the upload has.");
                }

                hasher.Append(buffer.AsSpan(0, read));
                await _staged.WriteAsync(ContentArea.Data, _length, buffer.AsMemory(0, read), CancellationToken.None);
                _length += read;
            }

            return hasher.Finish();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    sealed class StagedStream(IPartialContent staged, long length) : ReadOnlyStream
    {
        long _position;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await staged.ReadAsync(ContentArea.Data, _position, buffer[..(int)Math.Min(buffer.Length, length - _position)], cancellationToken);
            _position += read;
            return read;
        }
    }
}
