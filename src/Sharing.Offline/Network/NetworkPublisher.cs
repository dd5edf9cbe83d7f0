namespace Sharing.Offline;

/// <summary>Publishes at our own social network, in this process or over HTTP, whichever <see cref="ISocialNetwork"/> it is given.</summary>
public sealed class NetworkPublisher : ISocialPublisher
{
    readonly Func<Account, ISocialNetwork> _networkFor;

    /// <summary>Publishes at the network of this host, where everybody is at home.</summary>
    public NetworkPublisher(ISocialNetwork network) : this("sharing", _ => network, needsAccount: false)
    {
    }

    /// <summary>Publishes at a network.</summary>
    /// <param name="name">The name under which it is connected.</param>
    /// <param name="networkFor">The network as an account opens it.</param>
    /// <param name="needsAccount">Whether a person must connect an account: where the network is another host.</param>
    public NetworkPublisher(string name, Func<Account, ISocialNetwork> networkFor, bool needsAccount)
    {
        _networkFor = networkFor;
        Traits = new()
        {
            Network = name,
            Retry = RetrySafety.ClientChosenId,
            Audiences = [AudienceKind.Everyone, AudienceKind.Followers, AudienceKind.Friends, AudienceKind.Named],
            CanUpdate = true,
            NeedsAccount = needsAccount,
        };
    }

    /// <inheritdoc/>
    public PublisherTraits Traits { get; }

    /// <inheritdoc/>
    public async Task<PublishOutcome> PublishAsync(Post post, Account account, CancellationToken cancellationToken)
    {
        try
        {
            var shown = await _networkFor(account).PutAsync(post.Author, post, cancellationToken);
            return PublishOutcome.Sent(shown.Id);
        }
        catch (SharingException e) when (e.Code is ProblemCodes.SignInRequired)
        {
            return PublishOutcome.NeedsLogin();
        }
        catch (SharingException e) when (e.Code is ProblemCodes.NotAllowed or ProblemCodes.InvalidInput or ProblemCodes.NotFound or ProblemCodes.TooLarge)
        {
            return PublishOutcome.Refused(e.Message);
        }
    }
}
