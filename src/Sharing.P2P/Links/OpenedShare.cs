namespace Sharing.P2P;

/// <summary>A share that was opened by its link.</summary>
/// <param name="Manifest">What has to be known to fetch it.</param>
/// <param name="Server">The shared-data server's address.</param>
/// <param name="Terminals">Terminals that are known already, whatever the index says: the sharer's, and those of earlier times.</param>
public sealed record OpenedShare(ShareManifest Manifest, Uri Server, IReadOnlyList<SwarmMember> Terminals);
