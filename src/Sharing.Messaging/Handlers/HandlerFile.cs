namespace Sharing.Messaging;

/// <summary>A file of a handler package.</summary>
/// <param name="Path">Where it is in the package: lower-case letters, digits, dots, hyphens and underscores, with slashes between.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Content">The id of its bytes.</param>
public sealed record HandlerFile(string Path, long Length, ContentId Content);
