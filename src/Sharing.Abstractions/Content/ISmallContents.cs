namespace Sharing;

/// <summary>An optional companion of <see cref="IContentStore"/>: takes a small content in one step.</summary>
/// <remarks>Thread-safe, implemented by the store itself.</remarks>
public interface ISmallContents
{
    /// <summary>The longest content taken, in bytes; 0: none at present.</summary>
    int MaxSmallLength { get; }

    /// <summary>Publishes a content: durable and readable when this returns. The caller vouches for the id.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="bytes">All of it, at most <see cref="MaxSmallLength"/> bytes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SharingException"><see cref="ProblemCodes.NoSpace"/>, <see cref="ProblemCodes.ReadOnly"/>: the store does not take it.</exception>
    ValueTask PublishAsync(ContentId id, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default);
}
