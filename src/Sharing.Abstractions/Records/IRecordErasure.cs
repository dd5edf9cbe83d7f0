namespace Sharing;

/// <summary>A record store that can see to it that what was deleted is gone from its files, too: what a person wants gone must not be found in a copy of them.</summary>
public interface IRecordErasure
{
    /// <summary>Returns once nothing is left, in the store's own files, of what was deleted or written over before.</summary>
    Task EraseAsync(CancellationToken cancellationToken = default);
}
