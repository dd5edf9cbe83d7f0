namespace Sharing;

/// <summary>An optional companion of <see cref="IRecordStore"/>: reads the beginnings of many ranges at once, for stores where each question is a round trip.</summary>
/// <remarks>Thread-safe.</remarks>
public interface IRecordHeads
{
    /// <summary>Reads the first records of each range.</summary>
    /// <param name="ranges">The ranges; they may overlap.</param>
    /// <param name="most">How many records of each at most; above 0.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>For each range, in their order, its first records in the order of their keys, as some moment of the reading saw them.</returns>
    ValueTask<IReadOnlyList<IReadOnlyList<Record>>> HeadsAsync(IReadOnlyList<RecordRange> ranges, int most, CancellationToken cancellationToken = default);
}
