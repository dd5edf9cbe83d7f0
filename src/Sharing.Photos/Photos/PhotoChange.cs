namespace Sharing.Photos;

/// <summary>What is to be changed of a photo or a folder; what is <c>null</c> stays.</summary>
public sealed record PhotoChange
{
    /// <summary>The new name.</summary>
    public string? Name { get; init; }

    /// <summary>The new end.</summary>
    public DateTimeOffset? Expires { get; init; }
}
