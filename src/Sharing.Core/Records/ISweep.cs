namespace Sharing.Core;

/// <summary>Something that deletes, from time to time, what has had its time. One host at a time does it.</summary>
public interface ISweep
{
    /// <summary>Deletes what is due.</summary>
    /// <param name="guard">Adds to a commit the check that this host still holds the lease; every commit of a sweep calls it.</param>
    /// <param name="cancellationToken">Fires when the lease is lost, too.</param>
    Task SweepAsync(Action<RecordBatch> guard, CancellationToken cancellationToken = default);
}
