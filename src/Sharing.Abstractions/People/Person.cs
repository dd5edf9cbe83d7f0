namespace Sharing;

/// <summary>What is known of a person.</summary>
public sealed record Person
{
    /// <summary>Who it is.</summary>
    public required PersonId Id { get; init; }

    /// <summary>The name that others see.</summary>
    public required string Name { get; init; }

    /// <summary>The address of a picture.</summary>
    public Uri? Avatar { get; init; }

    /// <summary>The mail address.</summary>
    public string? Mail { get; init; }

    /// <summary>The language, as a BCP 47 tag.</summary>
    public string? Culture { get; init; }

    /// <summary>The time zone, as an IANA name.</summary>
    public string? TimeZone { get; init; }

    /// <summary>The tier that decides over limits and validity periods.</summary>
    public string? Tier { get; init; }
}
