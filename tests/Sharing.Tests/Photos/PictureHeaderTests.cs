using Sharing.Photos;
using Sharing.Trials.Photos;

namespace Sharing.Tests.Photos;

public sealed class PictureHeaderTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static async Task<PictureHeader> ReadAsync(string path)
    {
        await using var file = File.OpenRead(path);
        return await PictureHeaderReader.ReadAsync(file, cancellationToken: Cancel);
    }

    [Theory, Trait("Row", "F13")]
    [InlineData("plain.jpg", PictureFormat.Jpeg, false)]
    [InlineData("progressive.jpg", PictureFormat.Jpeg, true)]
    [InlineData("grey.jpg", PictureFormat.Jpeg, false)]
    [InlineData("cmyk.jpg", PictureFormat.Jpeg, false)]
    [InlineData("p3.jpg", PictureFormat.Jpeg, false)]
    [InlineData("plain.png", PictureFormat.Png, false)]
    [InlineData("interlaced.png", PictureFormat.Png, true)]
    [InlineData("alpha.png", PictureFormat.Png, false)]
    [InlineData("plain.gif", PictureFormat.Gif, false)]
    [InlineData("plain.webp", PictureFormat.WebP, false)]
    [InlineData("lossless.webp", PictureFormat.WebP, false)]
    [InlineData("alpha.webp", PictureFormat.WebP, false)]
    [InlineData("plain.tif", PictureFormat.Tiff, false)]
    [InlineData("plain.heic", PictureFormat.Heic, false)]
    [InlineData("plain.avif", PictureFormat.Avif, false)]
    public async Task Says_what_a_picture_is_and_how_large(string name, PictureFormat format, bool hasPasses) =>
        Assert.Equal(new PictureHeader { Format = format, Width = 1200, Height = 800, HasPasses = hasPasses }, await ReadAsync(PictureFiles.Picture(name)));

    [Theory, Trait("Row", "F2")]
    [InlineData("photo.jpg")]
    [InlineData("photo.png")]
    [InlineData("photo.webp")]
    public async Task Says_when_and_whether_it_says_where_it_was_taken_and_how_it_is_turned(string name)
    {
        var header = await ReadAsync(PictureFiles.Picture(name));
        Assert.Equal((new DateTime(2026, 5, 17, 14, 3, 9), true, 6), (header.Taken, header.HasLocation, header.Orientation));
        Assert.Equal((800, 1200), (header.ShownWidth, header.ShownHeight));
    }

    [Fact, Trait("Row", "F2")]
    public async Task Broken_metadata_do_not_keep_a_picture_from_being_read() =>
        Assert.Equal((1, null, 1200), await ReadAsync(PictureFiles.Hostile("loop.jpg")) is var header ? (header.Orientation, header.Taken, header.Width) : default);

    [Theory, Trait("Row", "F13")]
    [InlineData("grey60000.png", PictureFault.TooManyPixels)]
    [InlineData("bits60000.png", PictureFault.TooManyPixels)]
    [InlineData("adam20000.png", PictureFault.TooManyPixels)]
    [InlineData("endless.png", PictureFault.TooManyPixels)]
    [InlineData("texts.png", PictureFault.TooMuchMetadata)]
    [InlineData("lottapixel.jpg", PictureFault.TooManyPixels)]
    [InlineData("lottapixel-progressive.jpg", PictureFault.TooManyPixels)]
    [InlineData("twoframes.jpg", PictureFault.Malformed)]
    [InlineData("segments.jpg", PictureFault.TooMuchMetadata)]
    [InlineData("canvas.gif", PictureFault.TooManyPixels)]
    [InlineData("frame.gif", PictureFault.TooManyPixels)]
    [InlineData("huge.tif", PictureFault.TooManyPixels)]
    [InlineData("huge.webp", PictureFault.TooManyPixels)]
    [InlineData("canvas.webp", PictureFault.TooManyPixels)]
    [InlineData("huge.heic", PictureFault.TooManyPixels)]
    [InlineData("huge.avif", PictureFault.TooManyPixels)]
    [InlineData("deep.heic", PictureFault.Malformed)]
    [InlineData("boxes.heic", PictureFault.TooMuchMetadata)]
    [InlineData("empty.jpg", PictureFault.NotAPicture)]
    [InlineData("svg.jpg", PictureFault.NotAPicture)]
    [InlineData("pdf.png", PictureFault.NotAPicture)]
    public async Task What_would_cost_too_much_is_refused_for_a_few_bytes_read(string name, PictureFault fault)
    {
        await using var counted = new CountedStream(new MemoryStream(await File.ReadAllBytesAsync(PictureFiles.Hostile(name), Cancel)));
        await Assert.ThrowsAsync<PictureFormatException>(() => PictureHeaderReader.ReadAsync(counted, cancellationToken: Cancel)); // what is compiled the first time is not counted
        (counted.Count, var before) = (0, GC.GetAllocatedBytesForCurrentThread());
        var refused = await Assert.ThrowsAsync<PictureFormatException>(() => PictureHeaderReader.ReadAsync(counted, cancellationToken: Cancel));
        Assert.Equal(fault, refused.Fault);
        Assert.InRange(counted.Count, 0, 64 * 1024);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    /// <summary>Each beginning of a good file is refused as such, or read; nothing else happens.</summary>
    [Theory, Trait("Row", "F13")]
    [InlineData("photo.jpg")]
    [InlineData("photo.png")]
    [InlineData("photo.webp")]
    [InlineData("plain.gif")]
    [InlineData("plain.tif")]
    [InlineData("plain.heic")]
    public async Task A_file_that_was_cut_or_altered_gives_a_header_or_one_kind_of_fault(string name)
    {
        var bytes = await File.ReadAllBytesAsync(PictureFiles.Picture(name), Cancel);
        var random = new Random(11);
        var refused = 0;
        for (var i = 0; i < 3000; i++)
        {
            var changed = i % 3 == 0 ? bytes[..random.Next(2000)] : (byte[])bytes.Clone();
            for (var c = random.Next(1, 6); c > 0 && changed.Length > 0 && i % 3 > 0; c--)
            {
                changed[random.Next(Math.Min(changed.Length, 1000))] = (byte)random.Next(256);
            }

            try
            {
                await PictureHeaderReader.ReadAsync(new MemoryStream(changed), cancellationToken: Cancel);
            }
            catch (PictureFormatException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 50, 3000);
    }

    sealed class CountedStream(Stream inner) : Stream
    {
        public long Count { get; set; }

        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length => inner.Length;

        public override long Position { get => inner.Position; set => inner.Position = value; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await inner.ReadAsync(buffer, cancellationToken);
            Count += read;
            return read;
        }

        public override void Flush() => throw new NotSupportedException();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                inner.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
