namespace Sharing;

/// <summary>An optional companion of <see cref="IRecordStore"/>: looks whether what keeps the records is in order.</summary>
/// <remarks>Thread-safe, implemented by the store itself. Changes nothing; may take as long as reading everything.</remarks>
public interface IRecordCheck
{
    /// <summary>What is wrong, in words for an operator; nothing if all is well.</summary>
    Task<IReadOnlyList<string>> CheckAsync(CancellationToken cancellationToken = default);
}
