namespace Sharing;

/// <summary>How a repeated publish is kept from posting twice.</summary>
public enum RetrySafety
{
    /// <summary>The network itself recognises <see cref="Post.Key"/> sent along with the request, for a time (<see cref="PublisherTraits.KeyWindow"/>).</summary>
    ServerKey,

    /// <summary>The caller chooses the id of the post, so that a repeat writes the same post again.</summary>
    ClientChosenId,

    /// <summary>Neither: one must look whether the post is there before sending it again. The publisher implements <see cref="IPostLookup"/>.</summary>
    LookFirst,

    /// <summary>There is no safe repeat: what nobody knows the fate of stays unknown, and is sent again only when its owner says so.</summary>
    None,
}
