namespace Sharing.Core;

/// <summary>A file of the user's own that is given to others without being copied.</summary>
/// <param name="Content">What it is.</param>
/// <param name="Path">Where it is.</param>
/// <param name="Stamp">How it was when it was hashed. A file that differs is linked no more.</param>
/// <param name="Hashes">Its group hashes, a content of their own.</param>
public sealed record FileLink(ContentInfo Content, string Path, FileStamp Stamp, ContentInfo Hashes);
