using System.Reflection;
using System.Runtime.InteropServices;

namespace Sharing.Photos;

/// <summary>The functions of libvips 8.13 or newer that are used, and of the GLib under it. None of them takes a variable number of arguments.</summary>
static unsafe partial class VipsLibrary
{
    const string Vips = "vips", GObject = "gobject", GLib = "glib";

    static readonly Lock s_errors = new();

    /// <summary>Before whichever of its functions is called first, libvips is set up: some of them would do it themselves, in their own way.</summary>
    static VipsLibrary()
    {
        NativeLibrary.SetDllImportResolver(typeof(VipsLibrary).Assembly, Resolve);
        WhyNot = Start();
    }

    /// <summary>Why libvips cannot be used here; <c>null</c>: it can.</summary>
    public static string? WhyNot { get; }

    /// <summary>What went wrong last, in libvips' words; it is for all threads one buffer, and may be empty.</summary>
    public static string TakeError()
    {
        lock (s_errors)
        {
            var text = vips_error_buffer_copy();
            vips_error_clear();
            var said = Marshal.PtrToStringUTF8(text)?.Trim() ?? "";
            g_free(text);
            return said;
        }
    }

    static string? Start()
    {
        try
        {
            g_setenv("VIPS_WARNING", "1", 1); // its warnings would go to the host's standard error

            // Its modules are looked for below this folder, which is not there. None is wanted here; and Debian's bring the system's SQLite into the whole process, in the place of the host's own, which ends it.
            g_setenv("VIPSHOME", "/nonexistent", 1);
            if (vips_init("sharing") != 0)
            {
                return $"libvips could not start: {TakeError()}";
            }

            vips_cache_set_max(0);
            vips_concurrency_set(1); // pictures are worked on side by side, each by one thread
            vips_block_untrusted_set(1);
            vips_operation_block_set("VipsForeignLoad", 1);
            foreach (var loader in (string[])["VipsForeignLoadJpeg", "VipsForeignLoadPng", "VipsForeignLoadWebp", "VipsForeignLoadNsgif"])
            {
                vips_operation_block_set(loader, 0);
            }

            return null;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return "libvips 8.13 or newer is not installed (on Debian: apt-get install libvips42).";
        }
    }

    static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        string[] candidates = name switch
        {
            Vips => ["libvips.so.42", "libvips.42.dylib", "libvips-42.dll"],
            GObject => ["libgobject-2.0.so.0", "libgobject-2.0.0.dylib", "libgobject-2.0-0.dll"],
            GLib => ["libglib-2.0.so.0", "libglib-2.0.0.dylib", "libglib-2.0-0.dll"],
            _ => [],
        };
        foreach (var candidate in candidates)
        {
            if (NativeLibrary.TryLoad(candidate, out var handle))
            {
                return handle;
            }
        }

        return 0;
    }

#pragma warning disable IDE1006, SA1300 // as they are called in C
    [LibraryImport(Vips, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int vips_init(string program);

    [LibraryImport(Vips)]
    internal static partial void vips_cache_set_max(int most);

    [LibraryImport(Vips)]
    internal static partial void vips_concurrency_set(int threads);

    [LibraryImport(Vips)]
    internal static partial void vips_block_untrusted_set(int state);

    [LibraryImport(Vips, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void vips_operation_block_set(string name, int state);

    [LibraryImport(Vips, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint vips_operation_new(string name);

    [LibraryImport(Vips)]
    internal static partial nint vips_cache_operation_build(nint operation);

    [LibraryImport(Vips)]
    internal static partial void vips_object_unref_outputs(nint operation);

    [LibraryImport(Vips, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int vips_object_set_argument_from_string(nint operation, string name, string value);

    [LibraryImport(Vips)]
    internal static partial nint vips_source_new_from_memory(byte* bytes, nuint length);

    [LibraryImport(Vips)]
    internal static partial nint vips_image_copy_memory(nint image);

    [LibraryImport(Vips)]
    internal static partial nint vips_image_write_to_memory(nint image, out nuint length);

    [LibraryImport(Vips)]
    internal static partial int vips_image_get_width(nint image);

    [LibraryImport(Vips)]
    internal static partial int vips_image_get_height(nint image);

    [LibraryImport(Vips)]
    internal static partial int vips_image_get_bands(nint image);

    [LibraryImport(Vips)]
    internal static partial int vips_image_hasalpha(nint image);

    [LibraryImport(Vips, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nuint vips_image_get_typeof(nint image, string name);

    [LibraryImport(Vips)]
    internal static partial nint vips_blob_get(nint blob, out nuint length);

    [LibraryImport(Vips)]
    internal static partial void vips_area_unref(nint area);

    [LibraryImport(Vips)]
    internal static partial nuint vips_blob_get_type();

    [LibraryImport(Vips)]
    internal static partial nuint vips_array_image_get_type();

    [LibraryImport(Vips)]
    internal static partial nint vips_array_image_new(nint* images, int count);

    [LibraryImport(Vips)]
    internal static partial nint vips_error_buffer_copy();

    [LibraryImport(Vips)]
    internal static partial void vips_error_clear();

    [LibraryImport(GObject)]
    internal static partial nint g_value_init(GValue* value, nuint type);

    [LibraryImport(GObject)]
    internal static partial void g_value_unset(GValue* value);

    [LibraryImport(GObject)]
    internal static partial void g_value_set_object(GValue* value, nint instance);

    [LibraryImport(GObject)]
    internal static partial void g_value_set_boxed(GValue* value, nint boxed);

    [LibraryImport(GObject)]
    internal static partial nint g_value_dup_object(GValue* value);

    [LibraryImport(GObject)]
    internal static partial nint g_value_dup_boxed(GValue* value);

    [LibraryImport(GObject, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void g_object_set_property(nint instance, string name, GValue* value);

    [LibraryImport(GObject, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void g_object_get_property(nint instance, string name, GValue* value);

    [LibraryImport(GObject)]
    internal static partial void g_object_unref(nint instance);

    [LibraryImport(GLib)]
    internal static partial void g_free(nint memory);

    [LibraryImport(GLib, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int g_setenv(string name, string value, int overwrite);
#pragma warning restore IDE1006, SA1300

    /// <summary>GObject's box for a value of any type.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct GValue
    {
        public nuint Type;
        public ulong First;
        public ulong Second;
    }
}
