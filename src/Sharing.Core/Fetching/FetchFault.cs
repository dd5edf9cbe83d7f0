namespace Sharing.Core;

/// <summary>How far a request came that had no answer.</summary>
public enum FetchFault
{
    /// <summary>Nothing was sent: no such host, no connection, or the address is not to be reached from here. Which of them is nobody's business.</summary>
    NotReached,

    /// <summary>Nothing was sent: the server has no certificate that can be trusted for its name.</summary>
    Untrusted,

    /// <summary>It may have arrived: there was no answer in time.</summary>
    TimedOut,

    /// <summary>It may have arrived: the connection broke before the answer was whole.</summary>
    Broken,
}
