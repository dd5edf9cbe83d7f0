namespace Sharing.Photos;

/// <summary>A photo, as its owner sees it.</summary>
public sealed record Photo
{
    /// <summary>Its id.</summary>
    public required PhotoId Id { get; init; }

    /// <summary>Its name, which need not be the only one of its kind.</summary>
    public required string Name { get; init; }

    /// <summary>The folder that it is in, if any.</summary>
    public FolderId? Folder { get; init; }

    /// <summary>The device that it came from by itself, if any.</summary>
    public string? Device { get; init; }

    /// <summary>Its bytes, as they came.</summary>
    public required ContentId Content { get; init; }

    /// <summary>How many bytes that is.</summary>
    public required long Length { get; init; }

    /// <summary>The media type, by the bytes; <c>null</c>: they are no picture that is known here.</summary>
    public string? MediaType { get; init; }

    /// <summary>The width as shown, in pixels; <c>null</c>: not known.</summary>
    public int? Width { get; init; }

    /// <summary>The height as shown.</summary>
    public int? Height { get; init; }

    /// <summary>When it was taken, by the camera's clock.</summary>
    public DateTime? Taken { get; init; }

    /// <summary>When it was uploaded.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When it is removed from the server: its own end or its folder's, whichever comes first.</summary>
    public required DateTimeOffset Expires { get; init; }

    /// <summary>Whether it has previews, or why not.</summary>
    public required PreviewState Previews { get; init; }

    /// <summary>A placeholder of some 25 bytes until a preview is loaded (https://evanw.github.io/thumbhash/), in Base64.</summary>
    public string? ThumbHash { get; init; }
}
