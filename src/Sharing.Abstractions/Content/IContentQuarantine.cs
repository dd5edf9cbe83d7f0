namespace Sharing;

/// <summary>An optional companion of <see cref="IContentStore"/>: puts aside what is not what its name says, so that nobody gets it and an operator
/// can look at it.</summary>
/// <remarks>Thread-safe, implemented by the store itself. What was put aside is not there any more: <see cref="IContentStore.FindAsync"/> says
/// <c>null</c>, and a publish brings it back.</remarks>
public interface IContentQuarantine
{
    /// <summary>Puts a content aside. Readers that have it open go on.</summary>
    /// <returns>Whether there was anything.</returns>
    ValueTask<bool> QuarantineAsync(ContentId id, CancellationToken cancellationToken = default);

    /// <summary>Puts aside whatever lies among the contents and is none: foreign files, hashes without bytes, bytes that do not fit their hashes.</summary>
    /// <returns>How many there were.</returns>
    ValueTask<int> QuarantineStraysAsync(CancellationToken cancellationToken = default);

    /// <summary>Lists the contents put aside, in no order.</summary>
    IAsyncEnumerable<ContentId> ListQuarantinedAsync(CancellationToken cancellationToken = default);

    /// <summary>Deletes what was put aside of a content.</summary>
    ValueTask DropQuarantinedAsync(ContentId id, CancellationToken cancellationToken = default);
}
