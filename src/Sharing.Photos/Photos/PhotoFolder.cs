namespace Sharing.Photos;

/// <summary>A folder of photos, as its owner sees it.</summary>
public sealed record PhotoFolder
{
    /// <summary>Its id.</summary>
    public required FolderId Id { get; init; }

    /// <summary>Its name, which need not be the only one of its kind.</summary>
    public required string Name { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When it is removed from the server, with every photo in it.</summary>
    public required DateTimeOffset Expires { get; init; }

    /// <summary>How many photos its owner said that there would be; at least as many as have come.</summary>
    public required int Announced { get; init; }

    /// <summary>How many have come. Never goes back, also where photos are deleted.</summary>
    public required int Arrived { get; init; }

    /// <summary>One of its photos, to show for it; <c>null</c>: it is empty.</summary>
    public PhotoId? Cover { get; init; }
}
