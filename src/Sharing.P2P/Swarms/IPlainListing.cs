namespace Sharing.P2P;

/// <summary>An index that can name the terminals which clients of other makers may be led to.</summary>
/// <remarks>Thread-safe.</remarks>
public interface IPlainListing
{
    /// <summary>Terminals that serve without TLS, with the addresses at which they were reached and no other; a sample where there are many.</summary>
    ValueTask<IReadOnlyList<SwarmMember>> ListPlainAsync(ContentId content, int most, CancellationToken cancellationToken = default);
}
