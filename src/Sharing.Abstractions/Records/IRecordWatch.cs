namespace Sharing;

/// <summary>An optional companion of <see cref="IRecordStore"/>: wakes whoever waits for records of a kind to change.</summary>
/// <remarks>Thread-safe. A wake-up is a hint: look at the records. Hints of other hosts may be late or lost, so also look from time to time.</remarks>
public interface IRecordWatch
{
    /// <summary>Returns as soon as the count of changes of that kind differs from <paramref name="seen"/>.</summary>
    /// <param name="kind">The first part of the keys.</param>
    /// <param name="seen">What this returned before; 0 at first, which returns at once.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The count now, at least 1.</returns>
    ValueTask<long> WaitAsync(string kind, long seen, CancellationToken cancellationToken = default);
}
