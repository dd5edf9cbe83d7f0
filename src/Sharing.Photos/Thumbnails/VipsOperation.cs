using static Sharing.Photos.VipsLibrary;

namespace Sharing.Photos;

/// <summary>One operation of libvips, built up argument by argument. For one thread; the result of <see cref="Run"/> lives until it is disposed.</summary>
ref struct VipsOperation
{
    const nuint ObjectType = 20 << 2; // G_TYPE_OBJECT

    nint _operation;

    VipsOperation(nint operation) => _operation = operation;

    public static VipsOperation Of(string name) => vips_operation_new(name) is var operation and not 0 ? new(operation) : throw Failed();

    /// <summary>Sets a number, a flag or a choice by its text.</summary>
    public readonly VipsOperation With(string name, string value) => vips_object_set_argument_from_string(_operation, name, value) == 0 ? this : throw Failed();

    public readonly VipsOperation With(string name, int value) => With(name, value.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Sets a source or an image.</summary>
    public readonly unsafe VipsOperation With(string name, VipsObject value)
    {
        GValue boxed = default;
        g_value_init(&boxed, ObjectType);
        g_value_set_object(&boxed, value.Handle);
        g_object_set_property(_operation, name, &boxed);
        g_value_unset(&boxed);
        return this;
    }

    /// <summary>Sets several images.</summary>
    public readonly unsafe VipsOperation With(string name, IReadOnlyList<VipsObject> values)
    {
        var handles = values.Select(static value => value.Handle).ToArray();
        GValue boxed = default;
        g_value_init(&boxed, vips_array_image_get_type());
        fixed (nint* first = handles)
        {
            var array = vips_array_image_new(first, handles.Length);
            g_value_set_boxed(&boxed, array);
            vips_area_unref(array);
        }

        g_object_set_property(_operation, name, &boxed);
        g_value_unset(&boxed);
        return this;
    }

    /// <summary>Runs it, and gives its image.</summary>
    /// <exception cref="PictureFormatException">It failed.</exception>
    public unsafe VipsObject Run()
    {
        Build();
        GValue boxed = default;
        g_value_init(&boxed, ObjectType);
        g_object_get_property(_operation, "out", &boxed);
        var image = new VipsObject(g_value_dup_object(&boxed));
        g_value_unset(&boxed);
        End();
        return image;
    }

    /// <summary>Runs it, and gives the bytes that it wrote.</summary>
    /// <exception cref="PictureFormatException">It failed.</exception>
    public unsafe byte[] RunToBytes()
    {
        Build();
        GValue boxed = default;
        g_value_init(&boxed, vips_blob_get_type());
        g_object_get_property(_operation, "buffer", &boxed);
        var blob = g_value_dup_boxed(&boxed);
        g_value_unset(&boxed);
        End();
        var bytes = new ReadOnlySpan<byte>((void*)vips_blob_get(blob, out var length), checked((int)length)).ToArray();
        vips_area_unref(blob);
        return bytes;
    }

    void Build()
    {
        var built = vips_cache_operation_build(_operation);
        if (built == 0)
        {
            var failed = Failed();
            End();
            throw failed;
        }

        g_object_unref(_operation);
        _operation = built;
    }

    readonly void End()
    {
        vips_object_unref_outputs(_operation);
        g_object_unref(_operation);
    }

    static PictureFormatException Failed() => VipsObject.Failed();
}
