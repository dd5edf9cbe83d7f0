using Microsoft.Extensions.Options;

namespace Sharing.Offline;

/// <summary>Links that lead to the download server: <c>…/d/{id}</c>.</summary>
sealed class DownloadServerLinks(IOptions<OfflineOptions> options) : IShareLinks
{
    Uri Home => options.Value.PublicAddress; // read anew: a test host learns its port late

    public Uri Of(PostId post) => new(Home, $"d/{post}");

    public PostId? Read(Uri address) =>
        address.Authority == Home.Authority && address.AbsolutePath.StartsWith(Home.AbsolutePath + "d/", StringComparison.Ordinal)
        && PostId.TryParse(address.AbsolutePath.AsSpan(Home.AbsolutePath.Length + 2), out var id)
            ? id
            : null;
}
