using System.Runtime.CompilerServices;
using Sharing.Core;

namespace Sharing.Offline;

/// <summary>The bytes behind a post from this host's offline library: the owner of the post holds them there.</summary>
public sealed class LibraryPostContent(IRecordStore records, AudienceGate gate, IOfflineStore library, TimeProvider time) : IPostContent
{
    static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public async IAsyncEnumerable<PostContentState> WatchAsync(
        PersonId? actor, PostId id, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (await VisibleAsync(actor, id, cancellationToken) is not { } post)
        {
            yield break;
        }

        var resource = ResourceId.Of(post.Resource.Address);
        if (library is not IOfflineWatch watch)
        {
            for (PostContentState? told = null; await library.FindAsync(post.Owner, resource, cancellationToken) is { } item;)
            {
                if (StateOf(item) is var state && state != told)
                {
                    yield return told = state;
                }

                await Task.Delay(LookAgain, time, cancellationToken);
            }

            yield break;
        }

        // A post that was shared just now may come a moment before its hold.
        for (var attempt = 0; attempt < 5; attempt++)
        {
            await foreach (var item in watch.WatchAsync(post.Owner, resource, cancellationToken))
            {
                if (await VisibleAsync(actor, id, cancellationToken) is null)
                {
                    yield break;
                }

                attempt = 5;
                yield return StateOf(item);
            }

            if (attempt < 5 && time.GetUtcNow() - post.At < TimeSpan.FromMinutes(1))
            {
                await Task.Delay(LookAgain, time, cancellationToken);
            }
            else
            {
                yield break;
            }
        }
    }

    /// <inheritdoc/>
    public async Task<IContentReader?> OpenAsync(PersonId? actor, PostId id, CancellationToken cancellationToken = default) =>
        await VisibleAsync(actor, id, cancellationToken) is { } post
            ? await library.OpenAsync(post.Owner, ResourceId.Of(post.Resource.Address), cancellationToken)
            : null;

    static PostContentState StateOf(OfflineItem item) => new(item.State, item.Content);

    async Task<StoredPost?> VisibleAsync(PersonId? actor, PostId id, CancellationToken cancellationToken) =>
        await records.GetAsync(StoredPost.KeyOf(id), OfflineJson.Default.StoredPost, cancellationToken) is { Value: { Withdrawn: false } post }
        && await gate.MaySeeAsync(actor, post.Owner, post.Audience, cancellationToken)
            ? post
            : null;
}
