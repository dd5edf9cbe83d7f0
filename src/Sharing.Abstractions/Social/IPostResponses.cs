namespace Sharing;

/// <summary>An optional ability of a publisher: what people of the network made of a post, and making something of one.</summary>
public interface IPostResponses
{
    /// <summary>The responses to a post, oldest first; empty where it is not there any more. At most <paramref name="count"/>.</summary>
    /// <exception cref="Exception">It could not be found out.</exception>
    Task<IReadOnlyList<PostResponse>> ReadAsync(string remoteId, int count, Account account, CancellationToken cancellationToken);

    /// <summary>Comments on a post, or shares it on, in the name of an account.</summary>
    /// <param name="remoteId">The network's own id of the post.</param>
    /// <param name="text">The comment; <c>null</c>: the post is shared on.</param>
    /// <param name="key">Names the response, as <see cref="Post.Key"/> names a post.</param>
    /// <param name="account">Whose response it is.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<PublishOutcome> RespondAsync(string remoteId, string? text, string key, Account account, CancellationToken cancellationToken);
}
