using Sharing.Offline;
using Xunit;

namespace Sharing.Testing;

/// <summary>What every <see cref="ISocialNetwork"/> must do. Derive it, return an empty network, and run your tests.</summary>
public abstract partial class SocialNetworkSuite : IAsyncLifetime
{
    // Ben is Anna's friend, Fay follows her, Sue is a stranger to her.
    static readonly PersonId Anna = PersonId.Parse("anna"), Ben = PersonId.Parse("ben"), Fay = PersonId.Parse("fay"), Sue = PersonId.Parse("sue");

    NetworkUnderTest _subject = null!;

    /// <summary>The network under test.</summary>
    protected ISocialNetwork Network => _subject.Network;

    /// <summary>Ends with the test run.</summary>
    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Makes an empty network.</summary>
    protected abstract Task<NetworkUnderTest> CreateAsync();

    /// <summary>Clears away what <see cref="CreateAsync"/> made.</summary>
    protected virtual ValueTask CleanUpAsync() => default;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        _subject = await CreateAsync();
        Assert.NotNull(_subject);
        await _subject.BefriendAsync(Anna, Ben, true);
        await _subject.FollowAsync(Fay, Anna, true);
        Assert.Empty((await Network.FeedAsync(Ben, cancellationToken: Cancel)).Posts);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await CleanUpAsync();
        GC.SuppressFinalize(this);
    }

    static Post PostOf(string key, PersonId author, Audience? audience = null, int revision = 1) => new()
    {
        Key = key,
        Revision = revision,
        Author = author,
        Text = $"{key} revision {revision}",
        Link = new Uri($"https://share.example.org/d/{key}"),
        Resource = new() { Address = new Uri("https://origin.example.org/film.mkv"), Name = "film.mkv", Length = revision },
        Audience = audience ?? Audience.Everyone,
        At = DateTimeOffset.UnixEpoch.AddYears(60),
    };

    Task<NetworkPost> PutAsync(string key, PersonId author, Audience? audience = null, int revision = 1) =>
        Network.PutAsync(author, PostOf(key, author, audience, revision), Cancel);

    async Task<IEnumerable<string>> FeedAsync(PersonId reader) => (await Network.FeedAsync(reader, null, 100, Cancel)).Posts.Select(post => post.Id);

    async Task<List<NetworkPost>> PagesAsync(PersonId reader, int count)
    {
        List<NetworkPost> all = [];
        string? cursor = null;
        do
        {
            var page = await Network.FeedAsync(reader, cursor, count, Cancel);
            Assert.InRange(page.Posts.Count, 0, count);
            all.AddRange(page.Posts);
            cursor = page.Next;
        }
        while (cursor is not null);
        return all;
    }

    /// <summary>Whether a reader gets at a post in any way at all; all ways agree.</summary>
    async Task<bool> SeesAsync(PersonId reader, string id)
    {
        var thread = await Network.ThreadAsync(reader, id, Cancel) is not null;
        Assert.Equal(thread, await Network.CommentAsync(reader, id, "seen", "by-" + reader, Cancel) is not null);
        return thread;
    }
}
