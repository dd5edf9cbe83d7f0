using System.Security.Cryptography;

namespace Sharing.Core;

/// <summary>Work that only one process may do at a time: whoever holds the lease of that name.</summary>
/// <remarks>Thread-safe. Records: <c>lease/{name}</c>, written at every renewal, and <c>fence/{name}</c>, written at acquisition only. Both
/// are deleted at release. Clocks decide when a lease may be taken over; that a former holder does no harm rests on
/// <see cref="Lease.Guard"/> alone, whatever the clocks do.</remarks>
/// <param name="records">Where leases are kept: shared by all who compete.</param>
/// <param name="time">The clock.</param>
public sealed class Leases(IRecordStore records, TimeProvider time)
{
    static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(30);
    static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    // How far apart the clocks of two hosts are believed to be.
    static readonly TimeSpan Skew = TimeSpan.FromMinutes(10);

    /// <summary>Takes a lease that nobody holds, or whose holder let it run out; <c>null</c> when it is held.</summary>
    /// <param name="name">What is leased, any text.</param>
    /// <param name="duration">How long it lasts without renewal; it is renewed each third of it. 30 ms to a day.</param>
    /// <param name="cancellationToken">Gives up. A commit under way may still acquire it; it then runs out by itself.</param>
    public async Task<Lease?> TryAcquireAsync(string name, TimeSpan duration, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(duration, Shortest);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(duration, Longest);
        var began = time.GetTimestamp();
        var now = time.GetUtcNow();
        var present = await records.GetAsync(Key(name), RecordsJson.Default.LeaseRecord, cancellationToken);
        if (present is not null && IsHeld(present.Value, now))
        {
            return null;
        }

        var holder = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var batch = new RecordBatch { MakesRoom = true } // a sweep begins with it, and it goes again
            .Put(Key(name), new LeaseRecord(holder, now + duration, duration), RecordsJson.Default.LeaseRecord, present?.Version ?? RecordBatch.Absent)
            .Put(Fence(name), new FenceRecord(holder, now), RecordsJson.Default.FenceRecord, RecordBatch.Any);
        var outcome = await records.CommitAsync(batch, cancellationToken);
        return outcome.Committed ? new(records, time, name, holder, duration, outcome.Version, began) : null;
    }

    internal static RecordKey Key(string name) => RecordKey.Of("lease", name);

    internal static RecordKey Fence(string name) => RecordKey.Of("fence", name);

    // One that runs out much later than it can have been written for was written before the clock was set back: it must not
    // keep everybody out until that time comes again.
    static bool IsHeld(LeaseRecord lease, DateTimeOffset now) => lease.Until > now && lease.Until - now <= lease.Duration + Skew;
}
