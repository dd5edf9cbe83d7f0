namespace Sharing.Core;

/// <summary>What a look at a stored content found.</summary>
public enum ContentHealth
{
    /// <summary>It is what its id says.</summary>
    Sound,

    /// <summary>Its bytes were right and the hashes beside them were not: they were made anew.</summary>
    Mended,

    /// <summary>Its bytes are not what its id says, or cannot be read: it was put aside.</summary>
    Damaged,

    /// <summary>The store does not have it.</summary>
    Missing,
}
