namespace Sharing;

/// <summary>A partial content that a store holds.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Touched">When it was opened, flushed or closed last, whichever came last; after a crash, when it was written last.</param>
public readonly record struct PartialInfo(string Key, DateTimeOffset Touched);
