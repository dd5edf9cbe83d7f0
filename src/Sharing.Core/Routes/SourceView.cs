namespace Sharing.Core;

/// <summary>A source, as a view of a transfer shows it.</summary>
public sealed record SourceView
{
    /// <summary>Its name, for people.</summary>
    public required string Name { get; init; }

    /// <summary>What it is.</summary>
    public required SourceKind Kind { get; init; }

    /// <summary>Its rate as measured, which falls while it is silent; 0: nothing was measured yet.</summary>
    public double BytesPerSecond { get; init; }

    /// <summary>From asking to the first byte, in seconds, as measured last.</summary>
    public double Latency { get; init; }

    /// <summary>What was asked of it and has not arrived.</summary>
    public long QueuedBytes { get; init; }

    /// <summary>How often in a row it failed.</summary>
    public int Failures { get; init; }

    /// <summary>Bytes that it brought.</summary>
    public long BytesBrought { get; init; }

    /// <summary>Of those, the bytes that were wrong, were here already, or came too late; counted when a read ends.</summary>
    public long BytesWasted { get; init; }

    /// <summary>It is asked for nothing any more.</summary>
    public bool IsDropped { get; init; }

    /// <summary>Its last fault, where there was one; of a dropped one, why.</summary>
    public string? Reason { get; init; }
}
