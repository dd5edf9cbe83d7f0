using Xunit;

namespace Sharing.Testing;

/// <summary>What every <see cref="ISocialPublisher"/> must do. Derive it, return your publisher and a network of your own to try it at (a fake
/// is fine, the real one better), and run your tests.</summary>
/// <remarks>Each test has a network of its own, or one that shows nothing of this account yet. Lost replies are the outbox's business: what
/// the suite asks for is that a repeat is safe in the way that the publisher's <see cref="PublisherTraits.Retry"/> says.</remarks>
public abstract partial class PublisherSuite : IAsyncLifetime
{
    /// <summary>The publisher under test.</summary>
    protected PublisherUnderTest Subject { get; private set; } = null!;

    /// <summary>Ends with the test run.</summary>
    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    PublisherTraits Traits => Subject.Publisher.Traits;

    /// <summary>Makes a publisher, and a network that shows no post of the account.</summary>
    protected abstract Task<PublisherUnderTest> CreateAsync();

    /// <summary>Clears away what <see cref="CreateAsync"/> made.</summary>
    protected virtual ValueTask CleanUpAsync() => default;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        Subject = await CreateAsync();
        Assert.NotNull(Subject);
        Assert.Empty(await Subject.ShownAsync(Cancel));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await CleanUpAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>A post that the network can take.</summary>
    protected Post PostOf(string key, string? text = null, int revision = 1)
    {
        var kind = Traits.Audiences.Contains(AudienceKind.Everyone) ? AudienceKind.Everyone : Traits.Audiences[0];
        return new()
        {
            Key = key,
            Revision = revision,
            Author = Subject.Account.Owner,
            Text = text ?? $"film {key} revision {revision}",
            Link = new Uri($"https://share.example.org/d/{key}"),
            Resource = new() { Address = new Uri("https://origin.example.org/film.mkv"), Name = "film.mkv", Length = 4711 },
            Audience = kind == AudienceKind.Named ? Audience.Of(Subject.Account.Owner) : new Audience(kind),
            At = DateTimeOffset.UnixEpoch.AddYears(60),
        };
    }

    private protected Task<PublishOutcome> PublishAsync(Post post, Account? account = null) => Subject.Publisher.PublishAsync(post, account ?? Subject.Account, Cancel);

    private protected async Task<PublishOutcome> SendAsync(Post post)
    {
        var outcome = await PublishAsync(post);
        Assert.True(outcome.State == PublishState.Sent, $"{outcome.State}: {outcome.Reason}");
        Assert.False(string.IsNullOrEmpty(outcome.RemoteId), "A post that was sent has an id at the network.");
        return outcome;
    }

    /// <summary>Repeats in the way that the traits make safe, as the outbox does after a lost reply.</summary>
    private protected async Task<PublishOutcome> RepeatAsync(Post post)
    {
        if (Traits.Retry == RetrySafety.LookFirst && await ((IPostLookup)Subject.Publisher).FindAsync(post, Subject.Account, Cancel) is { } found)
        {
            Assert.Equal(PublishState.Sent, found.State);
            return found;
        }

        return await SendAsync(post);
    }

    /// <summary>Whether the network shows exactly these posts, each with its text and its link.</summary>
    private protected async Task AssertShownAsync(params IReadOnlyList<Post> posts)
    {
        var shown = await Subject.ShownAsync(Cancel);
        Assert.Equal(posts.Count, shown.Count);
        foreach (var post in posts)
        {
            var one = Assert.Single(shown, s => s.Text.Contains(post.Text, StringComparison.Ordinal));
            Assert.True(one.Link == post.Link || one.Text.Contains(post.Link.ToString(), StringComparison.Ordinal), $"{post.Link} is not shown.");
        }
    }
}
