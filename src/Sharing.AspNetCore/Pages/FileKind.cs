namespace Sharing.AspNetCore;

/// <summary>What kind of file a resource is, for its glyph and one word.</summary>
/// <param name="Glyph">The glyph's name in the sprite.</param>
/// <param name="Name">The word.</param>
readonly record struct FileKind(string Glyph, string Name)
{
    static readonly (string Extensions, FileKind Kind)[] ByExtension =
    [
        (".mp4 .mkv .webm .mov .avi .mpg .mpeg .m4v", new("film", "Video")),
        (".mp3 .flac .ogg .opus .m4a .wav .aac", new("music", "Audio")),
        (".jpg .jpeg .png .gif .webp .avif .heic .svg .bmp .tif .tiff", new("picture", "Picture")),
        (".epub .mobi .azw3 .fb2", new("book", "Book")),
        (".zip .gz .tgz .tar .xz .zst .bz2 .7z .rar", new("archive", "Archive")),
        (".apk .exe .msi .deb .rpm .dmg .appimage .jar .ipa", new("program", "Program")),
        (".iso .img .qcow2 .vmdk", new("disc", "Disc image")),
        (".pdf .txt .md .doc .docx .odt .rtf .html .xls .xlsx .ods .csv .ppt .pptx .odp", new("document", "Document")),
    ];

    public static FileKind Of(string name, string? mediaType)
    {
        var extension = Path.GetExtension(name).ToLowerInvariant();
        if (extension.Length > 1)
        {
            foreach (var (extensions, kind) in ByExtension)
            {
                if (extensions.Split(' ').Contains(extension, StringComparer.Ordinal))
                {
                    return kind;
                }
            }
        }

        return mediaType?.Split('/', ';')[0].Trim().ToLowerInvariant() switch
        {
            "video" => new("film", "Video"),
            "audio" => new("music", "Audio"),
            "image" => new("picture", "Picture"),
            "text" => new("document", "Document"),
            _ => new("file", "File"),
        };
    }
}
