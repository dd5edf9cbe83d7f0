namespace Sharing;

/// <summary>An optional companion of <see cref="IContentStore"/>: a store whose contents are named in the records, so that what deletes one can be part of
/// its caller's commit. On several hosts a deletion that slept for long can then no more meet what was published meanwhile: the commit of whoever may
/// no longer delete fails as a whole.</summary>
/// <remarks>Thread-safe, implemented by the store itself.</remarks>
public interface IFencedDeletion
{
    /// <summary>Adds to a batch what makes a content be there no more. Nothing has changed before the batch is committed.</summary>
    /// <param name="batch">The caller's batch. Its commit ends in a conflict when the content was deleted or published meanwhile.</param>
    /// <param name="id">The content.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What takes the bytes away; called after the commit, and never otherwise. What is left if it fails, or is not called because the process ended, is
    /// taken away as a stale partial content (<see cref="IPartialListing"/>).</returns>
    ValueTask<Func<ValueTask>> DeleteAsync(RecordBatch batch, ContentId id, CancellationToken cancellationToken = default);
}
