using System.IO.Hashing;
using Sharing.Core;

namespace Sharing.Photos;

/// <summary>Copies of picture files without what should not be passed on. They are put together from the original's own bytes: not a pixel is decoded, or changed.</summary>
/// <remarks>JPEG, PNG, GIF, WebP, HEIC and AVIF; of a TIFF there is no copy, since its metadata can be anywhere. What comes behind the end of a picture (films of moving photos, other pictures, whatever was hidden
/// there) is left out. Thread-safe.</remarks>
public static class PictureCopy
{
    const int Piece = 128 * 1024;

    /// <summary>Writes a copy.</summary>
    /// <param name="picture">The original. It must seek; it is not disposed.</param>
    /// <param name="metadata">What is passed on.</param>
    /// <param name="into">Takes the copy.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="PictureFormatException">There is no copy of it: it is broken, cut short, or of a format that nothing can be taken out of.</exception>
    public static async Task WriteAsync(Stream picture, CopyMetadata metadata, Stream into, CancellationToken cancellationToken = default)
    {
        var (length, read) = SourceOf(picture);
        var parts = await PlanAsync(length, read, metadata, cancellationToken);
        await CopyAsync(parts, read, async bytes => await into.WriteAsync(bytes, cancellationToken), cancellationToken);
    }

    /// <summary>The hash of what of a file is picture: of its copy with <see cref="CopyMetadata.None"/>. So a photo is known again that has lost or got its place, its title, or its maker's notes since.</summary>
    /// <param name="picture">The file. It must seek; it is not disposed.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns><c>null</c>: there is no copy of it.</returns>
    public static async Task<ContentId?> EssenceAsync(Stream picture, CancellationToken cancellationToken = default)
    {
        var (length, read) = SourceOf(picture);
        try
        {
            return (await MeasureAsync(await PlanAsync(length, read, CopyMetadata.None, cancellationToken), read, cancellationToken)).Content.Id;
        }
        catch (PictureFormatException)
        {
            return null;
        }
    }

    /// <summary>What a copy of a stored content will be.</summary>
    /// <exception cref="PictureFormatException">There is no copy of it.</exception>
    internal static async Task<StoredCopy> MeasureAsync(IContentReader original, CopyMetadata metadata, CancellationToken cancellationToken)
    {
        ValueTask<int> ReadAsync(long at, Memory<byte> into, CancellationToken token) => original.ReadAsync(ContentArea.Data, at, into, token);
        return await MeasureAsync(await PlanAsync(original.Info.Length, ReadAsync, metadata, cancellationToken), ReadAsync, cancellationToken);
    }

    /// <summary>A copy of a stored content, which was measured before. Disposes the original's reader with itself.</summary>
    internal static async Task<IContentReader> OpenAsync(IContentReader original, CopyMetadata metadata, ContentInfo info, CancellationToken cancellationToken) => new CopyReader(
        original, await PlanAsync(original.Info.Length, (at, into, token) => original.ReadAsync(ContentArea.Data, at, into, token), metadata, cancellationToken), info);

    static (long Length, Func<long, Memory<byte>, CancellationToken, ValueTask<int>> Read) SourceOf(Stream picture) => (picture.Length, (at, into, token) =>
    {
        picture.Position = at;
        return picture.ReadAsync(into, token);
    });

    static async Task<CopyParts> PlanAsync(long length, Func<long, Memory<byte>, CancellationToken, ValueTask<int>> read, CopyMetadata metadata, CancellationToken cancellationToken)
    {
        var parts = new CopyParts();
        if (metadata == CopyMetadata.All)
        {
            parts.Keep(0, length);
            return parts;
        }

        var window = new PictureWindow(length, read, isForAll: true);
        await (await PictureHeaderReader.SniffAsync(window, cancellationToken) switch
        {
            PictureFormat.Jpeg => JpegCopy.PlanAsync(window, metadata, parts, cancellationToken),
            PictureFormat.Png => PngCopy.PlanAsync(window, metadata, parts, cancellationToken),
            PictureFormat.Gif => GifCopy.PlanAsync(window, parts, cancellationToken),
            PictureFormat.WebP => WebPCopy.PlanAsync(window, metadata, parts, cancellationToken),
            PictureFormat.Heic or PictureFormat.Avif => HeifCopy.PlanAsync(window, metadata, parts, cancellationToken),
            _ => throw new PictureFormatException(PictureFault.NotAPicture, "Nothing can be taken out of files like this."),
        });
        return parts;
    }

    static async Task<StoredCopy> MeasureAsync(CopyParts parts, Func<long, Memory<byte>, CancellationToken, ValueTask<int>> read, CancellationToken cancellationToken)
    {
        var (hasher, crc) = (new Blake3Hasher(), new Crc32());
        await CopyAsync(parts, read, bytes =>
        {
            hasher.Append(bytes.Span);
            crc.Append(bytes.Span);
            return default;
        }, cancellationToken);
        var hash = new byte[ContentId.Size];
        hasher.Finish(hash);
        return new(new(new(hash), parts.Length), crc.GetCurrentHashAsUInt32());
    }

    static async Task CopyAsync(
        CopyParts parts, Func<long, Memory<byte>, CancellationToken, ValueTask<int>> read, Func<ReadOnlyMemory<byte>, ValueTask> write, CancellationToken cancellationToken)
    {
        var buffer = new byte[Piece];
        for (var at = 0L; at < parts.Length;)
        {
            var got = await parts.ReadAsync(read, at, buffer, cancellationToken);
            await write(got > 0 ? buffer.AsMemory(0, got) : throw new PictureFormatException(PictureFault.Truncated, "The file became shorter while it was read."));
            at += got;
        }
    }
}
