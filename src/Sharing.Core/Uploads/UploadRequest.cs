namespace Sharing.Core;

/// <summary>What somebody asks to upload.</summary>
/// <param name="Length">How many bytes it will have, not negative.</param>
/// <param name="Metadata">What the client says of it.</param>
public sealed record UploadRequest(long Length, UploadMetadata Metadata);
