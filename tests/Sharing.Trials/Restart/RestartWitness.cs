using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Sharing.Core;
using Sharing.Offline;

namespace Sharing.Trials.Restart;

/// <summary>Speaks with the servers itself: brings people together, and looks at the end what is there.</summary>
sealed class RestartWitness(Uri download, Uri social, RestartOrigin origin) : IAsyncDisposable
{
    static readonly PersonId Anna = PersonId.Parse("anna"), Ben = PersonId.Parse("ben");

    readonly ServiceProvider _services = new ServiceCollection().AddLogging().AddSharing(sharing => sharing
        .UseServer(download, social, (_, person, _) => ValueTask.FromResult(person is { } one ? TokenOf(one.Value) : null))
        .WithFetching(fetching => fetching.Configured.Add("127.0.0.1"))).BuildServiceProvider();

    public static string TokenOf(string person) => "token-of-" + person;

    /// <summary>People as a server's settings name them.</summary>
    public static IEnumerable<string> People(string section, params string[] ids) => ids.SelectMany((id, i) => (string[])
    [
        $"--Sharing:{section}:{i}:Id={id}", $"--Sharing:{section}:{i}:Name={id}",
        $"--Sharing:{section}:{i}:TokenSha256={Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(TokenOf(id))))}",
    ]);

    public async Task IntroduceAsync(CancellationToken cancellationToken)
    {
        var relationships = _services.GetRequiredService<IRelationships>();
        await relationships.BefriendAsync(Anna, Ben, true, cancellationToken);
        await relationships.BefriendAsync(Ben, Anna, true, cancellationToken);
        await _services.GetRequiredService<IAccounts>().ConnectAsync(Anna, "sharing", TokenOf("anna"), cancellationToken);
    }

    /// <summary>Whether everything acknowledged is there, and there once.</summary>
    public async Task<string?> CheckAsync(IReadOnlyList<Acknowledged> shares, CancellationToken cancellationToken)
    {
        var network = _services.GetRequiredService<ISocialNetwork>();
        var seen = (await network.FeedAsync(Anna, null, 100, cancellationToken)).Posts;
        if (seen.Count(post => post.OriginalId is null) is var originals && originals != shares.Count)
        {
            return $"{originals} posts on the network, {shares.Count} acknowledged";
        }

        foreach (var share in shares)
        {
            if (seen.Where(post => post.OriginalId is null && post.Link.ToString() == share.Link).ToList() is not [var post])
            {
                return $"{share.Link} is not on the network exactly once";
            }

            if (seen.Count(entry => entry.OriginalId == post.Id && entry.ResharedBy == Ben) != 1)
            {
                return $"{share.Link} is not reshared exactly once";
            }

            var comments = (await network.ThreadAsync(Ben, post.Id, cancellationToken))?.Comments ?? [];
            if (!comments.Any(comment => comment.Author == Ben && comment.Text.Contains(share.Link, StringComparison.Ordinal)))
            {
                return $"{share.Link}: the comment is missing";
            }

            if (await StandingAsync(share, cancellationToken) is { } wrong)
            {
                return wrong;
            }
        }

        return null;
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    /// <summary>Waits until a share is kept and its ledger says that it was sent; then compares the bytes.</summary>
    async Task<string?> StandingAsync(Acknowledged share, CancellationToken cancellationToken)
    {
        var posts = _services.GetRequiredService<IPosts>();
        SharedPost? post = null;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        try
        {
            while ((post = await posts.FindAsync(Anna, PostId.Parse(share.Id), patience.Token)) is not
                { Library: OfflineState.Stored, Ledger: [{ State: PublishState.Sent }] })
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, patience.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"{share.Link}: library {post?.Library}, ledger {string.Join(", ", post?.Ledger ?? [])}";
        }

        await using var reader = await _services.GetRequiredService<IPostContent>().OpenAsync(Ben, post.Id, cancellationToken);
        if (reader is null)
        {
            return $"{share.Link}: the library does not open it";
        }

        var bytes = new byte[reader.Info.Length];
        for (var at = 0; at < bytes.Length;)
        {
            at += await reader.ReadAsync(ContentArea.Data, at, bytes.AsMemory(at), cancellationToken) is > 0 and var read ? read : throw new EndOfStreamException();
        }

        return bytes.AsSpan().SequenceEqual(origin.BytesOf(post.Resource.Address.AbsolutePath)) ? null : $"{share.Link}: the library has other bytes";
    }
}
