namespace Sharing.Core;

/// <summary>How far a transfer is.</summary>
public sealed record TransferProgress
{
    /// <summary>Bytes that are there.</summary>
    public long Done { get; init; }

    /// <summary>Bytes in all, where known.</summary>
    public long? Total { get; init; }

    /// <summary>The source of the newest bytes; <c>null</c> before the first.</summary>
    public string? Source { get; init; }

    /// <summary>The kind of that source.</summary>
    public SourceKind? Kind { get; init; }

    /// <summary>The speed now, in bytes a second.</summary>
    public double BytesPerSecond { get; init; }

    /// <summary>Bytes taken from origins so far, those included that were taken again or in vain.</summary>
    public long FromOrigin { get; init; }

    /// <summary>Bytes taken from servers so far, likewise.</summary>
    public long FromServer { get; init; }

    /// <summary>Bytes taken from peers so far, likewise.</summary>
    public long FromPeers { get; init; }

    /// <summary>How often the origin's bytes changed in the middle.</summary>
    public int OriginChanges { get; init; }
}
