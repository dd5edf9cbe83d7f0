using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Sharing.Core;

/// <summary>Reads a linked file, and hashes each group before any of it is handed out. Thread-safe.</summary>
sealed class LinkedFileReader(FileLinks links, FileLink link, SafeFileHandle file, IContentReader hashes) : IContentReader
{
    public ContentInfo Info => link.Content;

    public async ValueTask<int> ReadAsync(ContentArea area, long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ContentLayout.RequireRange(offset, buffer.Length);
        if (area == ContentArea.Groups)
        {
            return await hashes.ReadAsync(ContentArea.Data, offset, buffer, cancellationToken);
        }

        if (buffer.IsEmpty || offset >= Info.Length)
        {
            return 0;
        }

        var group = offset / ContentTree.GroupSize;
        var (start, length) = (group * ContentTree.GroupSize, ContentTree.GroupLength(Info.Length, group));
        if (start == offset && buffer.Length >= length)
        {
            await ReadProvenAsync(group, buffer[..length], cancellationToken);
            return length;
        }

        var rented = ArrayPool<byte>.Shared.Rent(ContentTree.GroupSize);
        try
        {
            var whole = rented.AsMemory(0, length);
            await ReadProvenAsync(group, whole, cancellationToken);
            var wanted = whole[(int)(offset - start)..];
            wanted = wanted[..Math.Min(wanted.Length, buffer.Length)];
            wanted.CopyTo(buffer);
            return wanted.Length;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    public async ValueTask DisposeAsync()
    {
        file.Dispose();
        await hashes.DisposeAsync();
    }

    async ValueTask ReadProvenAsync(long group, Memory<byte> whole, CancellationToken cancellationToken)
    {
        var (hash, expected) = (new byte[ContentId.Size], new byte[ContentId.Size]);
        var complete = await GroupHashes.ReadUpToAsync(ReadAsync, group * ContentTree.GroupSize, whole, cancellationToken) == whole.Length
            & await hashes.ReadUpToAsync(ContentArea.Data, group * ContentId.Size, expected, cancellationToken) == expected.Length;
        GroupHashing.Hash(whole.Span, group, Info.Length <= ContentTree.GroupSize, hash);
        if (!complete || !hash.AsSpan().SequenceEqual(expected))
        {
            await links.ReportAsync(link);
            throw new SharingException(ProblemCodes.ContentDamaged, $"The file {link.Path} has been changed since it was shared.");
        }
    }

    ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken) => RandomAccess.ReadAsync(file, buffer, offset, cancellationToken);
}
