namespace Sharing.Offline;

/// <summary>Where the links of posts lead. By default to the download server (<see cref="OfflineOptions.PublicAddress"/>, then <c>d/</c> and the id); a
/// host with pages of its own registers another.</summary>
/// <remarks>Thread-safe. A link is published and must stay good: what was ever given out is read for ever. Whoever follows it is to be led on to the
/// download server's address <c>d/{id}</c>, which decides who may see the post.</remarks>
public interface IShareLinks
{
    /// <summary>The link of a post.</summary>
    Uri Of(PostId post);

    /// <summary>The post that an address is the link of, or <c>null</c>.</summary>
    PostId? Read(Uri address);
}
