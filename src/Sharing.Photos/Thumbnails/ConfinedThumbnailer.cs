using Sharing.Core;

namespace Sharing.Photos;

/// <summary>Previews of the formats whose decoders are not trusted (HEIC, AVIF, TIFF): a program that is confined decodes them to a JPEG, and that goes the way of any other. Thread-safe singleton.</summary>
/// <remarks>The program is libvips' own (`vipsthumbnail`), without network, files of the host, or much memory and time (<see cref="ConfinedOptions"/>). What it gives is a stranger's file again: its header is read before it is decoded.</remarks>
public sealed class ConfinedThumbnailer(VipsThumbnailer inner, IConfinedRunner runner) : IThumbnailer
{
    const string Program = "/usr/bin/vipsthumbnail";

    static readonly ConfinedProgram s_decoder = new()
    {
        Path = "/usr/bin/sh",
        Arguments =
        [
            "-c", $"VIPS_BLOCK_UNTRUSTED=1 VIPS_CONCURRENCY=1 MALLOC_ARENA_MAX=2 {Program} 'input[fail-on=error]' --size '{PreviewSizes.Screen}x{PreviewSizes.Screen}>' --export-profile srgb -o 'decoded.jpg[Q=92,strip]' && /usr/bin/mv decoded.jpg output",
        ],
    };

    /// <inheritdoc/>
    public string? WhyNot(PictureFormat format) =>
        IsTrusted(format) || inner.WhyNot(PictureFormat.Jpeg) is not null ? inner.WhyNot(format)
        : File.Exists(Program) ? null : "The program vipsthumbnail is not installed (on Debian: apt-get install libvips-tools).";

    /// <inheritdoc/>
    public async Task<Thumbnails> MakeAsync(IContentReader picture, PictureHeader header, IReadOnlyList<int> sizes, CancellationToken cancellationToken = default)
    {
        if (IsTrusted(header.Format))
        {
            return await inner.MakeAsync(picture, header, sizes, cancellationToken);
        }

        using var decoded = new MemoryStream();
        var file = new ContentStream(picture, ContentArea.Data, 0); // not disposed: the reader is the caller's
        var outcome = await runner.RunAsync(s_decoder, file, decoded, cancellationToken);
        if (outcome.End != ConfinedEnd.Finished)
        {
            var fault = outcome.End == ConfinedEnd.Crashed ? PictureFault.NotDecoded : PictureFault.TooCostly;
            throw new PictureFormatException(fault, $"The picture could not be decoded ({outcome.End}): {outcome.Log.Trim()}");
        }

        decoded.Position = 0;
        var seen = await PictureHeaderReader.ReadAsync(decoded, cancellationToken: cancellationToken);
        return seen.Format == PictureFormat.Jpeg
            ? await inner.MakeAsync(decoded.GetBuffer().AsMemory(0, (int)decoded.Length), seen, sizes, cancellationToken)
            : throw new PictureFormatException(PictureFault.NotDecoded, "The decoder gave something else than a JPEG.");
    }

    /// <inheritdoc/>
    public Task<ReadOnlyMemory<byte>?> SheetAsync(IReadOnlyList<ReadOnlyMemory<byte>> jpegs, CancellationToken cancellationToken = default) => inner.SheetAsync(jpegs, cancellationToken);

    static bool IsTrusted(PictureFormat format) => format is PictureFormat.Jpeg or PictureFormat.Png or PictureFormat.Gif or PictureFormat.WebP;
}
