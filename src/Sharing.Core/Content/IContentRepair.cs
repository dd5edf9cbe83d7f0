namespace Sharing.Core;

/// <summary>Brings contents back that the store has lost, from wherever else they are to be had. Thread-safe; a system registers its own.</summary>
public interface IContentRepair
{
    /// <summary>Sets about bringing a content back; it need not be there when this returns.</summary>
    /// <param name="content">A content that somebody refers to and that the store does not have. Asked again with every sweep until it is back.</param>
    /// <param name="guard">Adds to a commit the check that this host still sweeps; every commit calls it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether it is on its way.</returns>
    Task<bool> RepairAsync(ContentInfo content, Action<RecordBatch> guard, CancellationToken cancellationToken = default);
}
