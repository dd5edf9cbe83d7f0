namespace Sharing.Offline;

/// <summary>Conveniences on every download list.</summary>
public static class DownloadsExtensions
{
    /// <summary>Adds an address, or the link of a post, and starts it as soon as there is a place.</summary>
    /// <exception cref="SharingException">As <see cref="IDownloads.AddAsync"/>.</exception>
    public static Task<DownloadItem> AddAsync(
        this IDownloads downloads, PersonId actor, Uri address, CancellationToken cancellationToken = default) =>
        downloads.AddAsync(actor, new DownloadRequest { Address = address }, cancellationToken);
}
