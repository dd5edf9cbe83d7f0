namespace Sharing.Photos;

/// <summary>A folder to be made.</summary>
public sealed record FolderRequest
{
    /// <summary>Its name; <c>null</c>: the owner's.</summary>
    public string? Name { get; init; }

    /// <summary>How long it is kept; <c>null</c>: as long as the owner's tier has it (<see cref="PhotoOptions.ValidFor"/>).</summary>
    public TimeSpan? ValidFor { get; init; }

    /// <summary>How many photos are to come, so that progress can be told; 0: not known.</summary>
    public int Announced { get; init; }
}
