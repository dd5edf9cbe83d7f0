namespace Sharing.Photos;

/// <summary>What an upload would cost (row F7).</summary>
/// <param name="Fits">Whether it would be taken: without, or after, those photos go.</param>
/// <param name="Photos">What would go, the oldest first.</param>
public sealed record EvictionPlan(bool Fits, IReadOnlyList<EvictedPhoto> Photos);
