namespace Sharing.P2P;

/// <summary>Which BitTorrent a torrent file is for.</summary>
public enum TorrentVersion
{
    /// <summary>BEP 3: SHA-1 of each piece. Every client reads it.</summary>
    One,

    /// <summary>BEP 52: a hash tree of SHA-256. libtorrent (qBittorrent) reads it.</summary>
    Two,

    /// <summary>Both: each client reads what it knows. Transmission 3 refuses it.</summary>
    Hybrid,
}
