namespace Sharing.P2P;

/// <summary>When a link is opened: whether the sharer's terminal is asked.</summary>
public enum OriginUse
{
    /// <summary>Only where the server cannot be reached.</summary>
    IfNeeded = 0,

    /// <summary>First; and followed to where it leads.</summary>
    Follow = 1,

    /// <summary>First; and the server is to deliver.</summary>
    HaveDelivered = 2,
}
