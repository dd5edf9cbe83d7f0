namespace Sharing.Photos;

/// <summary>A photo, as a friend sees it.</summary>
public sealed record GrantedPhoto
{
    /// <summary>Its id.</summary>
    public required PhotoId Id { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>How many bytes it has.</summary>
    public required long Length { get; init; }

    /// <summary>The media type; <c>null</c>: not known.</summary>
    public string? MediaType { get; init; }

    /// <summary>The width as shown, in pixels.</summary>
    public int? Width { get; init; }

    /// <summary>The height as shown.</summary>
    public int? Height { get; init; }

    /// <summary>When it is removed.</summary>
    public required DateTimeOffset Expires { get; init; }

    /// <summary>Whether it has previews, or why not.</summary>
    public required PreviewState Previews { get; init; }

    /// <summary>A placeholder until a preview is loaded (https://evanw.github.io/thumbhash/), in Base64.</summary>
    public string? ThumbHash { get; init; }
}
