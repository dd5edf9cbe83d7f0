namespace Sharing.Photos;

/// <summary>What a friend sees of a grant (row F9).</summary>
public sealed record GrantView
{
    /// <summary>The grant.</summary>
    public required GrantId Id { get; init; }

    /// <summary>Who shows the photos.</summary>
    public required PersonId From { get; init; }

    /// <summary>When he did.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When it closes, or the first photo goes; <c>null</c>: there is none.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>The folder's name, if it is one.</summary>
    public string? Folder { get; init; }

    /// <summary>What besides the pictures the copies have.</summary>
    public CopyMetadata Metadata { get; init; }

    /// <summary>The photos.</summary>
    public required IReadOnlyList<GrantedPhoto> Photos { get; init; }
}
