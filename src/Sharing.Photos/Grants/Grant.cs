namespace Sharing.Photos;

/// <summary>What one friend may see, as the owner sees it (row F8).</summary>
public sealed record Grant
{
    /// <summary>Its id, which the entry link has. It opens nothing by itself.</summary>
    public required GrantId Id { get; init; }

    /// <summary>The friend whom it is for; <c>null</c>: whoever reads the mail of <see cref="Address"/>.</summary>
    public PersonId? Friend { get; init; }

    /// <summary>The mail address that was typed in, in lower case.</summary>
    public string? Address { get; init; }

    /// <summary>The photos; none: the folder.</summary>
    public required IReadOnlyList<PhotoId> Photos { get; init; }

    /// <summary>The folder, with all that is in it.</summary>
    public FolderId? Folder { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When it closes; <c>null</c>: with the photos.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>What besides the pictures the friend's copies have. Photos that nothing can be taken out of (<see cref="PictureCopy"/>) are not shown where something is to be.</summary>
    public CopyMetadata Metadata { get; init; }

    /// <summary>When the friend first looked at it; <c>null</c>: he has not.</summary>
    public DateTimeOffset? Opened { get; init; }

    /// <summary>How often he has fetched an original, or all of them.</summary>
    public int Downloads { get; init; }
}
