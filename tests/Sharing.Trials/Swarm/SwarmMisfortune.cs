namespace Sharing.Trials.Swarm;

/// <summary>What happens while a file is handed on.</summary>
enum SwarmMisfortune
{
    /// <summary>The server is killed as soon as every chunk is with some terminal.</summary>
    ServerGoes,

    /// <summary>Half of the terminals are killed, each at some time.</summary>
    Churn,

    /// <summary>Whoever shared it is killed right after his upload.</summary>
    OriginGoes,

    /// <summary>Whoever shares it is killed in the middle of his upload, and begins again later.</summary>
    OriginBreaks,

    /// <summary>Some terminals cannot reach the server for a while.</summary>
    Parted,
}
