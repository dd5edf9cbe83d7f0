namespace Sharing;

/// <summary>An optional companion of <see cref="IContentStore"/>: addresses at which the store itself hands a content out, so that its bytes go past the host.</summary>
/// <remarks>Thread-safe, implemented by the store itself. Whoever has such an address has the bytes, until it ends: it cannot be called back, and what goes out is not hashed before.</remarks>
public interface IContentAddresses
{
    /// <summary>Makes an address for reading a content, or a range of it.</summary>
    /// <param name="id">The content.</param>
    /// <param name="life">How long it is good for. At most 7 days.</param>
    /// <param name="mediaType">What the store says of the content's type.</param>
    /// <param name="disposition">What it says of how it is to be kept, as in <c>Content-Disposition</c> (RFC 6266).</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The address; <c>null</c>: the store does not have the content, or has no address for it.</returns>
    ValueTask<Uri?> AddressOfAsync(ContentId id, TimeSpan life, string? mediaType, string? disposition, CancellationToken cancellationToken = default);
}
