namespace Sharing.P2P;

/// <summary>An index that can name the terminals which clients of other makers may be led to.</summary>
/// <remarks>Thread-safe.</remarks>
public interface IPlainListing
{
    /// <summary>Terminals that serve without TLS and were seen at an address (<see cref="SwarmMember.SeenAt"/>), a sample where there are many.</summary>
    ValueTask<IReadOnlyList<SwarmMember>> ListPlainAsync(ContentId content, int most, CancellationToken cancellationToken = default);
}
