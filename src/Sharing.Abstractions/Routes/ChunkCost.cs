namespace Sharing;

/// <summary>What a chunk from a source would cost, in parts: seconds, or what the host holds comparable to them.</summary>
/// <param name="Waiting">Until the source has brought what was asked of it before.</param>
/// <param name="Latency">From asking to the first byte.</param>
/// <param name="Transfer">From the first byte to the last.</param>
/// <param name="Price">What the bytes cost besides time.</param>
public readonly record struct ChunkCost(double Waiting, double Latency, double Transfer, double Price)
{
    /// <summary>All of it: the least is the cheapest.</summary>
    public double Total => Waiting + Latency + Transfer + Price;
}
