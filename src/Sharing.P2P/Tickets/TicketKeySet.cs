namespace Sharing.P2P;

/// <summary>The keys by which a shared-data server's tickets are checked.</summary>
/// <param name="Keys">SubjectPublicKeyInfos.</param>
public sealed record TicketKeySet(IReadOnlyList<byte[]> Keys);
