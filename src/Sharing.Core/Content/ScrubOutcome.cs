namespace Sharing.Core;

/// <summary>What a scrub found.</summary>
/// <param name="Sound">Contents that are as they should be.</param>
/// <param name="Mended">Contents whose bytes were right and whose hashes beside them were made anew.</param>
/// <param name="Damaged">Contents that were put aside.</param>
/// <param name="Missing">Contents that somebody refers to and that are not there.</param>
/// <param name="Strays">Things that were no contents and were put aside.</param>
public readonly record struct ScrubOutcome(long Sound, long Mended, long Damaged, long Missing, long Strays)
{
    internal ScrubOutcome Add(ContentHealth health) => health switch
    {
        ContentHealth.Sound => this with { Sound = Sound + 1 },
        ContentHealth.Mended => this with { Mended = Mended + 1 },
        ContentHealth.Damaged => this with { Damaged = Damaged + 1 },
        _ => this with { Missing = Missing + 1 },
    };
}
