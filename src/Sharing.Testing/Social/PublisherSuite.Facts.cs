using System.Globalization;
using Xunit;

namespace Sharing.Testing;

#pragma warning disable CS1591 // the names of the tests say it
public abstract partial class PublisherSuite
{
    [Fact]
    public void Whoever_can_change_posts_derives_the_suite_for_that() =>
        Assert.True(!Traits.CanUpdate || this is UpdatingPublisherSuite, $"It can update: derive {nameof(UpdatingPublisherSuite)}.");

    [Fact]
    public void Its_traits_are_valid_and_stay_as_they_are()
    {
        Assert.Matches("^[a-z0-9-]{1,40}$", Traits.Network);
        Assert.NotEmpty(Traits.Audiences);
        Assert.Equal(Traits.Audiences.Distinct(), Traits.Audiences);
        Assert.All(Traits.Audiences, kind => Assert.True(Enum.IsDefined(kind)));
        Assert.True(Enum.IsDefined(Traits.Retry));
        Assert.True(Traits.MaxTextLength >= 0);
        Assert.True(Traits.Retry != RetrySafety.ServerKey || Traits.KeyWindow > TimeSpan.Zero);
        Assert.True(Traits.Retry != RetrySafety.LookFirst || Subject.Publisher is IPostLookup, "Looking first needs IPostLookup.");
        Assert.Equal(Subject.Publisher.Traits.Network, Traits.Network);
    }

    [Fact]
    public async Task A_post_published_once_is_shown_once_with_its_text_and_link()
    {
        await SendAsync(PostOf("one"));
        await AssertShownAsync(PostOf("one"));
    }

    [Fact]
    public async Task A_repeat_with_the_same_key_is_shown_once()
    {
        var first = await SendAsync(PostOf("one"));
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(first.RemoteId, (await RepeatAsync(PostOf("one"))).RemoteId);
        }

        await AssertShownAsync(PostOf("one"));
    }

    [Fact]
    public async Task Posts_of_different_keys_are_shown_each_also_with_the_same_text()
    {
        var keys = Enumerable.Range(0, 5).Select(i => string.Create(CultureInfo.InvariantCulture, $"K_{i}-{new string('z', 60)}")).ToList();
        await Task.WhenAll(keys.Select(key => SendAsync(PostOf(key, "the same film"))));
        var shown = await Subject.ShownAsync(Cancel);
        Assert.Equal(keys.Count, shown.Count);
        Assert.All(shown, one => Assert.Contains("the same film", one.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Looking_finds_what_was_sent_and_nothing_else()
    {
        if (Subject.Publisher is not IPostLookup lookup)
        {
            Assert.NotEqual(RetrySafety.LookFirst, Traits.Retry); // then nobody needs to look
            return;
        }

        Assert.Null(await lookup.FindAsync(PostOf("one"), Subject.Account, Cancel));
        var sent = await SendAsync(PostOf("one"));
        var found = await lookup.FindAsync(PostOf("one"), Subject.Account, Cancel);
        Assert.Equal((PublishState.Sent, sent.RemoteId), (found?.State, found?.RemoteId));
        Assert.Null(await lookup.FindAsync(PostOf("on"), Subject.Account, Cancel));
    }

    [Fact]
    public async Task A_post_may_be_heard_of_first_at_a_later_revision()
    {
        await SendAsync(PostOf("one", revision: 2));
        await AssertShownAsync(PostOf("one", revision: 2));
    }

    [Fact]
    public async Task A_token_that_is_refused_needs_a_login_and_shows_nothing()
    {
        if (Subject.BadAccount is null)
        {
            Assert.False(Traits.NeedsAccount, "A network with accounts refuses some token.");
            await PublishAsync(PostOf("home"), Subject.Account with { Token = null });
            await AssertShownAsync(PostOf("home"));
            return;
        }

        Assert.Equal(PublishState.NeedsLogin, (await PublishAsync(PostOf("one"), Subject.BadAccount)).State);
        Assert.Empty(await Subject.ShownAsync(Cancel));
        await SendAsync(PostOf("one"));
    }

    [Fact]
    public async Task Comments_and_reshares_are_read_back_and_none_is_made_twice()
    {
        if (Subject.Publisher is not IPostResponses responses)
        {
            return;
        }

        var other = Assert.IsType<Account>(Subject.Other);
        var sent = await SendAsync(PostOf("one"));
        Assert.Empty(await responses.ReadAsync(sent.RemoteId!, 50, Subject.Account, Cancel));
        for (var i = 0; i < 2; i++)
        {
            foreach (var (text, key) in new[] { ("A <b>fine</b> film & more", "comment"), (null, "reshare") })
            {
                var made = await responses.RespondAsync(sent.RemoteId!, text, key, other, Cancel);
                Assert.True(made.State == PublishState.Sent, $"{made.State}: {made.Reason}");
            }
        }

        IReadOnlyList<PostResponse> read = [];
        for (var tries = 0; tries < 200 && read.Count < 2; tries++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Cancel); // networks tell what is new a little later
            read = await responses.ReadAsync(sent.RemoteId!, 50, Subject.Account, Cancel);
        }

        Assert.Equal([PostResponseKind.Comment, PostResponseKind.Reshare], read.Select(static one => one.Kind));
        Assert.Equal("A <b>fine</b> film & more", read[0].Text);
        Assert.Equal(read[0].Author, read[1].Author);
        Assert.Contains(other.Name!.TrimStart('@').Split('@')[0], read[0].Author, StringComparison.Ordinal);
        Assert.Single(await responses.ReadAsync(sent.RemoteId!, 50, Subject.Account, Cancel), static one => one.Kind == PostResponseKind.Comment);
    }

    [Fact]
    public async Task A_publish_that_is_cancelled_throws_and_shows_nothing()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Subject.Publisher.PublishAsync(PostOf("one"), Subject.Account, cancelled.Token));
        Assert.Empty(await Subject.ShownAsync(Cancel));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("e\u0301")] // an e and a combining accent
    [InlineData("👨‍👩‍👧‍👦")]
    [InlineData("ش")]
    public async Task A_text_as_long_as_the_network_takes_arrives_whole(string character)
    {
        const int Longest = 5000; // UTF-16 units, as the download server takes them
        var most = Longest / character.Length;
        var count = Traits.MaxTextLength == 0 ? most : Math.Min(Traits.MaxTextLength, most);
        count = Traits.MaxTextBytes == 0 ? count : Math.Min(count, Traits.MaxTextBytes / System.Text.Encoding.UTF8.GetByteCount(character));
        var text = string.Concat(Enumerable.Repeat(character, count));
        await SendAsync(PostOf("long", text));
        await AssertShownAsync(PostOf("long", text));
    }
}
