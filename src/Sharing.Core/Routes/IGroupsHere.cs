namespace Sharing.Core;

/// <summary>What is there of a content, as whoever chooses sources needs to know it: a transfer's partial, or a simulated terminal's.</summary>
interface IGroupsHere
{
    /// <summary>The length in bytes, once it is known.</summary>
    long? Length { get; }

    /// <summary>Whether what each group must be is known.</summary>
    bool Proofs { get; }

    /// <summary>The groups that are there.</summary>
    Bitfield Have { get; }

    /// <summary>Counts what changes the length, or takes away what was there.</summary>
    int Layout { get; }
}
