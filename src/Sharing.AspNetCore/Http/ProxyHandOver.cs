using Microsoft.Extensions.Options;

namespace Sharing.AspNetCore;

/// <summary>Hands a content's bytes over to the proxy in front, once it is decided that the caller gets them: nginx reads the file itself.</summary>
sealed class ProxyHandOver(IContentStore store, IOptions<StorageOptions> storage, IOptions<ServingOptions> serving)
{
    /// <summary>The path that the proxy maps to the folder of the contents; <c>null</c>: nothing is handed over, or the content is no file.</summary>
    public string? PathOf(ContentId id) =>
        serving.Value.AccelPrefix is { } prefix && storage.Value.ContentFolder is { } folder && (store as IContentFiles)?.PathOf(id) is { } path
            ? prefix + Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/')
            : null;
}
