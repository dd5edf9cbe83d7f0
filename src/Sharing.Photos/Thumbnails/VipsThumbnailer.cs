using System.Runtime.InteropServices;

namespace Sharing.Photos;

/// <summary>Previews by libvips in this process, for the formats whose decoders are well-kept: JPEG, PNG, GIF and WebP. Thread-safe singleton.</summary>
/// <remarks>The loader is the one for the format that the header has, and no other is let in. One decode makes all sizes: JPEG is decoded to the smallest of 1/1, 1/2, 1/4 and 1/8 that is large
/// enough. As many pictures at once as there are processors; the files are in memory meanwhile.</remarks>
public sealed class VipsThumbnailer : IThumbnailer, IDisposable
{
    const int MostFile = 512 << 20;
    const int MailBytes = 10_000, TilesAcross = 10, TileSide = 44;

    readonly SemaphoreSlim _turns = new(Environment.ProcessorCount);

    /// <inheritdoc/>
    public string? WhyNot(PictureFormat format) =>
        format is not (PictureFormat.Jpeg or PictureFormat.Png or PictureFormat.Gif or PictureFormat.WebP) ? "Pictures of this format are not decoded in the host's own process." : VipsLibrary.WhyNot;

    /// <inheritdoc/>
    public async Task<Thumbnails> MakeAsync(IContentReader picture, PictureHeader header, IReadOnlyList<int> sizes, CancellationToken cancellationToken = default)
    {
        if (WhyNot(header.Format) is { } why)
        {
            throw new PictureFormatException(PictureFault.NotDecoded, why);
        }

        if (picture.Info.Length > MostFile)
        {
            throw new PictureFormatException(PictureFault.TooCostly, $"The file has {picture.Info.Length} bytes; previews are made of up to {MostFile}.");
        }

        return await MakeAsync(await FileBytes.ReadAsync(picture, cancellationToken), header, sizes, cancellationToken);
    }

    /// <summary>The same of a file in memory.</summary>
    internal Task<Thumbnails> MakeAsync(ReadOnlyMemory<byte> file, PictureHeader header, IReadOnlyList<int> sizes, CancellationToken cancellationToken) =>
        MakeAsync(FileBytes.Of(file.Span), header, sizes, cancellationToken);

    async Task<Thumbnails> MakeAsync(FileBytes file, PictureHeader header, IReadOnlyList<int> sizes, CancellationToken cancellationToken)
    {
        using var bytes = file;
        return await InTurnAsync(() => Make(bytes, header, sizes), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<ReadOnlyMemory<byte>?> SheetAsync(IReadOnlyList<ReadOnlyMemory<byte>> jpegs, CancellationToken cancellationToken = default) =>
        jpegs.Count == 0 || WhyNot(PictureFormat.Jpeg) is not null ? null : await InTurnAsync<ReadOnlyMemory<byte>?>(() => Sheet(jpegs), cancellationToken);

    async Task<T> InTurnAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        await _turns.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(work, cancellationToken);
        }
        finally
        {
            _turns.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turns.Dispose();

    static Thumbnails Make(FileBytes file, PictureHeader header, IReadOnlyList<int> sizes)
    {
        var largest = sizes.Max();
        using var source = file.ToSource();
        using var decoded = Load(source, header, largest);
        using var shrunk = Shrink(decoded, header.Format, largest);
        using var whole = shrunk.InMemory();
        var jpegs = new Dictionary<int, ReadOnlyMemory<byte>>();
        foreach (var size in sizes)
        {
            using var one = size == largest ? null : VipsOperation.Of("thumbnail_image").With("in", whole).With("width", size).With("height", size).With("size", "down").Run();
            jpegs[size] = Save(one ?? whole, size);
        }

        using var tiny = VipsOperation.Of("thumbnail_image").With("in", whole).With("width", ThumbHash.Most).With("height", ThumbHash.Most).With("size", "down").Run();
        return new(jpegs, ThumbHash.Of(tiny.Width, tiny.Height, tiny.ToRgba()));
    }

    static byte[] Sheet(IReadOnlyList<ReadOnlyMemory<byte>> jpegs)
    {
        var owned = new List<IDisposable>();
        T Own<T>(T made)
            where T : IDisposable
        {
            owned.Add(made);
            return made;
        }

        try
        {
            var tiles = jpegs.Select(jpeg => Own(VipsOperation.Of("thumbnail_image")
                .With("in", Own(VipsOperation.Of("jpegload_source").With("source", Own(Own(FileBytes.Of(jpeg.Span)).ToSource())).With("fail-on", "error").Run()))
                .With("width", TileSide).With("height", TileSide).With("crop", "centre").Run())).ToList();
            return Save(Own(VipsOperation.Of("arrayjoin").With("in", tiles).With("across", Math.Min(TilesAcross, tiles.Count)).With("shim", 2).With("background", "255").Run()), PreviewSizes.Mail);
        }
        finally
        {
            owned.Reverse();
            owned.ForEach(static one => one.Dispose());
        }
    }

    /// <summary>Opens the file, which decodes nothing yet.</summary>
    static VipsObject Load(VipsObject source, PictureHeader header, int largest)
    {
        var loader = VipsOperation.Of(header.Format switch
        {
            PictureFormat.Jpeg => "jpegload_source",
            PictureFormat.Png => "pngload_source",
            PictureFormat.Gif => "gifload_source",
            _ => "webpload_source",
        }).With("source", source).With("access", "sequential").With("fail-on", "error");
        return header.Format == PictureFormat.Jpeg ? loader.With("shrink", ShrinkOf(Math.Max(header.Width, header.Height), largest)).Run() : loader.Run();
    }

    /// <summary>By how much a JPEG's decoder may shrink and leave enough.</summary>
    static int ShrinkOf(int side, int largest) => ((int[])[8, 4, 2]).FirstOrDefault(shrink => side / shrink >= largest, 1);

    /// <summary>Upright, in sRGB: its colours are brought there before its profile is dropped. A JPEG without one, of grey or three colours, is in sRGB.</summary>
    static VipsObject Shrink(VipsObject decoded, PictureFormat format, int largest)
    {
        var shrunk = VipsOperation.Of("thumbnail_image").With("in", decoded).With("width", largest).With("height", largest).With("size", "down");
        return format == PictureFormat.Jpeg && !decoded.HasProfile && decoded.Bands is 1 or 3 ? shrunk.Run() : shrunk.With("export-profile", "srgb").Run();
    }

    static byte[] Save(VipsObject image, int size)
    {
        using var opaque = image.HasAlpha ? VipsOperation.Of("flatten").With("in", image).With("background", "255").Run() : null;
        for (var quality = size == PreviewSizes.Mail ? 70 : 80; ; quality -= 10)
        {
            var jpeg = VipsOperation.Of("jpegsave_buffer").With("in", opaque ?? image).With("Q", quality).With("strip", "true").RunToBytes();
            if (size != PreviewSizes.Mail || jpeg.Length <= MailBytes || quality <= 20)
            {
                return jpeg;
            }
        }
    }

    /// <summary>A file outside the collected memory: it does not move, and is given back at once.</summary>
    sealed class FileBytes : System.Buffers.MemoryManager<byte>
    {
        readonly int _length;
        nint _bytes;

        unsafe FileBytes(int length)
        {
            _length = length;
            _bytes = (nint)NativeMemory.Alloc((nuint)Math.Max(1, length));
        }

        public static async Task<FileBytes> ReadAsync(IContentReader picture, CancellationToken cancellationToken)
        {
            var file = new FileBytes((int)picture.Info.Length);
            try
            {
                for (var at = 0; at < file.Memory.Length;)
                {
                    var read = await picture.ReadAsync(ContentArea.Data, at, file.Memory[at..], cancellationToken);
                    at += read > 0 ? read : throw new EndOfStreamException("The content ends too soon.");
                }

                return file;
            }
            catch
            {
                ((IDisposable)file).Dispose();
                throw;
            }
        }

        public static FileBytes Of(ReadOnlySpan<byte> bytes)
        {
            var file = new FileBytes(bytes.Length);
            bytes.CopyTo(file.GetSpan());
            return file;
        }

        public unsafe VipsObject ToSource() => VipsObject.OfBytes((byte*)_bytes, (nuint)_length);

        public override unsafe Span<byte> GetSpan() => new((void*)_bytes, _length);

        public override unsafe System.Buffers.MemoryHandle Pin(int elementIndex = 0) => new((byte*)_bytes + elementIndex);

        public override void Unpin()
        {
        }

        protected override unsafe void Dispose(bool disposing)
        {
            NativeMemory.Free((void*)_bytes);
            _bytes = 0;
        }
    }
}
