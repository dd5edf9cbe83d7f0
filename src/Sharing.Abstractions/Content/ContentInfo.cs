namespace Sharing;

/// <summary>A content that a store holds.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Length">Its length in bytes.</param>
public readonly record struct ContentInfo(ContentId Id, long Length);
