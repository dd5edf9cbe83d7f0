namespace Sharing.Photos;

/// <summary>Photos to be shown to friends.</summary>
public sealed record GrantRequest
{
    /// <summary>The most photos that can be named; a folder may have any number.</summary>
    public const int MostPhotos = 1000;

    /// <summary>The most friends at once.</summary>
    public const int MostRecipients = 100;

    /// <summary>Photos of the owner's.</summary>
    public IReadOnlyList<PhotoId> Photos { get; init => field = value ?? []; } = [];

    /// <summary>A folder of the owner's, with what comes into it later.</summary>
    public FolderId? Folder { get; init; }

    /// <summary>For which friends.</summary>
    public IReadOnlyList<PersonId> Friends { get; init => field = value ?? []; } = [];

    /// <summary>For whom besides: mail addresses that were typed in.</summary>
    public IReadOnlyList<string> Addresses { get; init => field = value ?? []; } = [];

    /// <summary>What besides the pictures the friends' copies have.</summary>
    public CopyMetadata Metadata { get; init; }

    /// <summary>How long it is open; <c>null</c>: as long as the photos are kept, which nothing outlives.</summary>
    public TimeSpan? ValidFor { get; init; }
}
