namespace Sharing.Core;

/// <summary>The newest choice that was made about a chunk: why from there.</summary>
public sealed record ChunkChoice
{
    /// <summary>Which chunk.</summary>
    public required int Chunk { get; init; }

    /// <summary>Why.</summary>
    public required ChoiceKind Why { get; init; }

    /// <summary>Seconds after the transfer began.</summary>
    public double At { get; init; }

    /// <summary>Who was late with it, where it was taken over.</summary>
    public string? LateSource { get; init; }

    /// <summary>What was compared: first the source that was asked, then the cheapest others, three at most.</summary>
    public required IReadOnlyList<ChunkOffer> Compared { get; init; }

    /// <summary>How many others could have brought it.</summary>
    public int Others { get; init; }
}
