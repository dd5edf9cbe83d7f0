using Microsoft.Extensions.Options;

namespace Sharing.AspNetCore;

/// <summary>Hands a content's bytes over, once it is decided that the caller gets them: nginx in front reads the file itself, or the store gives them at an address of its own.</summary>
sealed class HandOver(IContentStore store, IOptions<StorageOptions> storage, IOptions<ServingOptions> serving)
{
    /// <summary>The path that the proxy maps to the folder of the contents; <c>null</c>: nothing is handed over, or the content is no file.</summary>
    public string? PathOf(ContentId id) =>
        serving.Value.AccelPrefix is { } prefix && storage.Value.ContentFolder is { } folder && (store as IContentFiles)?.PathOf(id) is { } path
            ? prefix + Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/')
            : null;

    /// <summary>Where the store hands the content out for a while; <c>null</c>: it does not, or nobody is to be led there.</summary>
    public async ValueTask<Uri?> AddressOfAsync(ContentId id, string? mediaType, string? disposition, CancellationToken cancellationToken) =>
        serving.Value.AddressLife is { } life && store is IContentAddresses addresses ? await addresses.AddressOfAsync(id, life, mediaType, disposition, cancellationToken) : null;
}
