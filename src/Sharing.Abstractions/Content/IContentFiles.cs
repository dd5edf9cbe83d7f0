namespace Sharing;

/// <summary>An optional companion of <see cref="IContentStore"/>: contents that are files, for servers that hand a file to the kernel.</summary>
/// <remarks>Thread-safe, implemented by the store itself. The file is the content, byte for byte; it is never written again.</remarks>
public interface IContentFiles
{
    /// <summary>Where a content's bytes are, or <c>null</c> when the store does not have it. The file may be deleted at any time
    /// afterwards: whoever cannot open it looks again.</summary>
    string? PathOf(ContentId id);
}
