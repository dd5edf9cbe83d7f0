namespace Sharing.Core;

/// <summary>A terminal's address for one question; disposing forgets it.</summary>
public sealed class OncePeer : IDisposable
{
    readonly PeerAddresses _addresses;

    internal OncePeer(PeerAddresses addresses, Uri address) => (_addresses, Address) = (addresses, address);

    /// <summary>The base address.</summary>
    public Uri Address { get; }

    /// <inheritdoc/>
    public void Dispose() => _addresses.Forget(Address.Host);
}
