using static Sharing.Photos.VipsLibrary;

namespace Sharing.Photos;

/// <summary>A source or an image of libvips: one reference, given back when it is disposed.</summary>
sealed class VipsObject(nint handle) : IDisposable
{
    public nint Handle { get; private set; } = handle != 0 ? handle : throw Failed();

    public int Width => vips_image_get_width(Handle);

    public int Height => vips_image_get_height(Handle);

    /// <summary>Bytes in memory as a source; they must stay where they are until it, and all images that come of it, are disposed.</summary>
    public static unsafe VipsObject OfBytes(byte* bytes, nuint length) => new(vips_source_new_from_memory(bytes, length));

    /// <summary>The pixels, reckoned once.</summary>
    /// <exception cref="PictureFormatException">They could not be.</exception>
    public VipsObject InMemory() => new(vips_image_copy_memory(Handle));

    /// <summary>The pixels of an 8-bit image as red, green, blue and opacity.</summary>
    public unsafe byte[] ToRgba()
    {
        var (bands, hasAlpha) = (vips_image_get_bands(Handle), vips_image_hasalpha(Handle) != 0);
        var memory = vips_image_write_to_memory(Handle, out var length);
        if (memory == 0)
        {
            throw Failed();
        }

        var pixels = new ReadOnlySpan<byte>((void*)memory, checked((int)length));
        var rgba = new byte[Width * Height * 4];
        var isGrey = bands < 3;
        for (var (from, to) = (0, 0); to < rgba.Length; from += bands, to += 4)
        {
            (rgba[to], rgba[to + 1], rgba[to + 2]) = (pixels[from], pixels[isGrey ? from : from + 1], pixels[isGrey ? from : from + 2]);
            rgba[to + 3] = hasAlpha ? pixels[from + bands - 1] : byte.MaxValue;
        }

        g_free(memory);
        return rgba;
    }

    public int Bands => vips_image_get_bands(Handle);

    public bool HasProfile => vips_image_get_typeof(Handle, "icc-profile-data") != 0;

    public bool HasAlpha => vips_image_hasalpha(Handle) != 0;

    public void Dispose()
    {
        g_object_unref(Handle);
        Handle = 0;
    }

    public static PictureFormatException Failed()
    {
        var said = TakeError();
        return new(PictureFault.NotDecoded, said.Length > 0 ? $"The picture could not be decoded: {said}" : "The picture could not be decoded.");
    }
}
