namespace Sharing.Core;

/// <summary>Chooses which of several chunks a source is asked for next. A decorator narrows the choice, or makes it, and leaves the rest to another.</summary>
interface IChunkPicker
{
    /// <summary>Chooses.</summary>
    /// <param name="plan">All chunks.</param>
    /// <param name="source">Who is to be asked.</param>
    /// <param name="candidates">The chunks that are wanted and that it has, in words of 64; may be changed.</param>
    /// <returns>The chunk; -1: none.</returns>
    int Pick(ChunkPlan plan, PlannedSource source, Span<ulong> candidates);
}
