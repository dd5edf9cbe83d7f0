using System.Buffers.Binary;
using System.Text;

namespace Sharing.Messaging;

/// <summary>Finds out what a resource is by its first bytes (row M6). What it is said to be, and its name, only narrow that down: they never make something of it that its bytes do not show.</summary>
/// <remarks>Thread-safe; looks at 4 KiB at most. Signatures are those of the formats' own specifications.</remarks>
public static class ResourceParser
{
    /// <summary>So many bytes are looked at.</summary>
    public const int Most = 4096;

    static readonly (string Type, int At, byte[] Bytes)[] s_signatures =
    [
        ("image/png", 0, [0x89, .. "PNG\r\n\x1A\n"u8]), ("image/jpeg", 0, [0xFF, 0xD8, 0xFF]), ("image/gif", 0, [.. "GIF87a"u8]), ("image/gif", 0, [.. "GIF89a"u8]),
        ("image/tiff", 0, [.. "II*\0"u8]), ("image/tiff", 0, [.. "MM\0*"u8]), ("image/bmp", 0, [.. "BM"u8]),
        ("application/pdf", 0, [.. "%PDF-"u8]), ("audio/mpeg", 0, [.. "ID3"u8]), ("audio/flac", 0, [.. "fLaC"u8]), ("audio/ogg", 0, [.. "OggS"u8]),
        ("video/webm", 0, [0x1A, 0x45, 0xDF, 0xA3]), ("application/zip", 0, [.. "PK\x03\x04"u8]), ("application/zip", 0, [.. "PK\x05\x06"u8]),
        ("application/gzip", 0, [0x1F, 0x8B]), ("application/x-7z-compressed", 0, [.. "7z\xBC\xAF\x27\x1C"u8]), ("application/vnd.rar", 0, [.. "Rar!\x1A\x07"u8]),
        ("application/x-xz", 0, [0xFD, .. "7zXZ\0"u8]), ("application/zstd", 0, [0x28, 0xB5, 0x2F, 0xFD]), ("application/x-tar", 257, [.. "ustar"u8]),
        ("application/x-executable", 0, [0x7F, .. "ELF"u8]), ("application/vnd.microsoft.portable-executable", 0, [.. "MZ"u8]), ("application/x-executable", 0, [0xCF, 0xFA, 0xED, 0xFE]),
        ("application/wasm", 0, [.. "\0asm"u8]), ("font/woff2", 0, [.. "wOF2"u8]), ("application/x-sqlite3", 0, [.. "SQLite format 3\0"u8]),
    ];

    /// <summary>Says what a resource is.</summary>
    /// <param name="bytes">Its beginning, <see cref="Most"/> bytes or all.</param>
    /// <param name="length">How many bytes it has.</param>
    /// <param name="name">Its file name; <c>null</c>: it has none.</param>
    /// <param name="said">What it is said to be; <c>null</c>: nothing.</param>
    public static ResourceType Parse(ReadOnlySpan<byte> bytes, long length, string? name, string? said)
    {
        var type = TypeOf(bytes, length);
        var essence = said?.Split(';')[0].Trim().ToLowerInvariant();
        return new(type, essence is { Length: > 0 } && essence != type && MayBe(type, essence, name) ? essence : null);
    }

    static string TypeOf(ReadOnlySpan<byte> bytes, long length)
    {
        foreach (var (type, at, signature) in s_signatures)
        {
            if (bytes.Length >= at + signature.Length && bytes[at..].StartsWith(signature))
            {
                return type == "image/bmp" && (bytes.Length < 26 || BinaryPrimitives.ReadUInt32LittleEndian(bytes[2..]) is var size && size != 0 && size != length) ? TextOr(bytes) : type;
            }
        }

        return Riff(bytes) ?? Boxes(bytes) ?? (bytes.Length > 2 && bytes[0] == 0xFF && (bytes[1] & 0xE6) == 0xE2 ? "audio/mpeg" : TextOr(bytes));
    }

    static string? Riff(ReadOnlySpan<byte> bytes) => bytes.Length >= 12 && bytes.StartsWith("RIFF"u8)
        ? bytes[8..12].SequenceEqual("WEBP"u8) ? "image/webp" : bytes[8..12].SequenceEqual("WAVE"u8) ? "audio/wav" : bytes[8..12].SequenceEqual("AVI "u8) ? "video/x-msvideo" : null : null;

    /// <summary>ISO base media files (ISO/IEC 14496-12, 4.3).</summary>
    static string? Boxes(ReadOnlySpan<byte> bytes) => bytes.Length >= 12 && bytes[4..8].SequenceEqual("ftyp"u8) ? Encoding.ASCII.GetString(bytes[8..12]) switch
    {
        "avif" or "avis" => "image/avif",
        "heic" or "heix" or "hevc" or "mif1" or "msf1" => "image/heic",
        "M4A " or "M4B " => "audio/mp4",
        "qt  " => "video/quicktime",
        _ => "video/mp4",
    } : null;

    /// <summary>Text is what is UTF-8 without control characters. Whatever a browser could take for a page or a picture with scripts is called that, whatever it is said to be.</summary>
    static string TextOr(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return "text/plain";
        }

        var whole = bytes.Length < Most ? bytes.Length : bytes.Length - CutOff(bytes);
        try
        {
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes[..whole]);
            if (text.Any(static c => c < ' ' && c is not ('\t' or '\n' or '\r' or '\f' or '\x1B')))
            {
                return ResourceType.Unknown;
            }

            var start = text.TrimStart('\uFEFF', ' ', '\t', '\n', '\r', '\f');
            return Has(text, "<svg") || Has(text, "http://www.w3.org/2000/svg") ? "image/svg+xml"
                : Has(text, "<!doctype html") || Has(text, "<html") || Has(text, "<script") || Has(text, "<body") || Has(text, "<head") || Has(text, "<iframe") || Has(text, "http://www.w3.org/1999/xhtml") ? "text/html"
                : start.StartsWith("<?xml", StringComparison.OrdinalIgnoreCase) ? "application/xml"
                : start.StartsWith("#!", StringComparison.Ordinal) ? "text/x-shellscript"
                : "text/plain";
        }
        catch (DecoderFallbackException)
        {
            return ResourceType.Unknown;
        }
    }

    static bool Has(string text, string part) => text.Contains(part, StringComparison.OrdinalIgnoreCase);

    /// <summary>How many bytes at the end are the beginning of a character.</summary>
    static int CutOff(ReadOnlySpan<byte> bytes)
    {
        for (var back = 1; back <= 3; back++)
        {
            if (bytes[^back] >= 0xC0)
            {
                return back;
            }
        }

        return 0;
    }

    /// <summary>Whether bytes of a type may well be what they are said to be: something more exact of the same sort, which the name agrees with.</summary>
    static bool MayBe(string type, string said, string? name) => type switch
    {
        "application/zip" => said.EndsWith("+zip", StringComparison.Ordinal) || (said.StartsWith("application/", StringComparison.Ordinal) && Extension(name) is not (null or ".zip")),
        "application/xml" => said.EndsWith("+xml", StringComparison.Ordinal) && said is not ("image/svg+xml" or "application/xhtml+xml"),
        "text/plain" => IsHarmlessText(said),
        "video/mp4" => said is "audio/mp4" or "video/quicktime" or "video/3gpp",
        "video/webm" => said is "video/x-matroska" or "audio/webm",
        "audio/ogg" => said is "video/ogg",
        ResourceType.Unknown => !said.StartsWith("text/", StringComparison.Ordinal) && !s_signatures.Any(known => known.Type == said) && said is not ("image/svg+xml" or "application/xhtml+xml" or "image/webp" or "video/mp4"),
        _ => false,
    };

    static bool IsHarmlessText(string said) => (said.StartsWith("text/", StringComparison.Ordinal) && said is not ("text/html" or "text/xml" or "text/javascript"))
        || said is "application/json" || said.EndsWith("+json", StringComparison.Ordinal);

    static string? Extension(string? name) => Path.GetExtension(name)?.ToLowerInvariant() is { Length: > 1 } extension ? extension : null;
}
