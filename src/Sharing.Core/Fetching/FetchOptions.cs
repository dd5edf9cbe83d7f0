namespace Sharing.Core;

/// <summary>How everything is fetched from outside. Checked when the host starts.</summary>
public sealed class FetchOptions
{
    /// <summary>Authorities that the operator trusts: "host:port", or "host" for any port. They may be private, at any port.</summary>
    /// <remarks>
    /// Exact names or addresses ("nas.local:8080", "10.0.0.7", "[fd00::7]:443"), no wildcards. A host named here is open to everybody who may
    /// bring an address; but a stranger's redirect to it is held to the rules for strangers.
    /// </remarks>
    public IList<string> Configured { get; } = [];

    /// <summary>Authorities of own servers and networks, spelled like <see cref="Configured"/>: they may be private for
    /// <see cref="GuardedClient.Services"/>, while an address that somebody brings does not get there. Those given to <c>UseServer</c>,
    /// <c>AddNetwork</c> and <c>UseRelationshipsOf</c> are added by themselves.</summary>
    public IList<string> Services { get; } = [];

    /// <summary>Whether other terminals may be at this machine's own loopback addresses: for tests, and for trying things out on one machine.</summary>
    public bool PeersOnThisMachine { get; set; }

    /// <summary>The ports at which strangers (hosts that are not configured) are reached. 80 and 443 unless set.</summary>
    public IList<int> StrangerPorts { get; set; } = [80, 443];

    /// <summary>How long a connection may take, names and TLS included.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How many redirects are followed; one more is a failure.</summary>
    public int MaxRedirects { get; set; } = 5;

    /// <summary>How long the headers of one answer may take, connecting included. While a body is being sent, each part sent starts it anew.</summary>
    public TimeSpan HeaderTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a read of the body may wait for its next byte.</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a fetch may take from its start to the last byte of its body, retries and redirects included.</summary>
    public TimeSpan TotalTimeout { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How many bytes a body may have; 0 is no limit.</summary>
    public long MaxBytes { get; set; }

    /// <summary>How often a GET or HEAD is tried in all; 1 is no retry. Other methods are tried once.</summary>
    public int Attempts { get; set; } = 4;

    /// <summary>The wait before the first retry; it doubles, with jitter.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest wait between two attempts. A longer Retry-After (RFC 9110, 10.2.3) is cut to it.</summary>
    public TimeSpan LongestRetryAfter { get; set; } = TimeSpan.FromMinutes(1);
}
