using System.Globalization;
using Xunit;

namespace Sharing.Testing;

#pragma warning disable CS1591 // the names of the tests say it
public abstract partial class SocialNetworkSuite
{
    [Fact]
    public async Task A_post_is_shown_once_however_often_it_is_put()
    {
        var first = await PutAsync("one", Anna);
        var again = await PutAsync("one", Anna);
        Assert.Equal(("one", 1), (first.Id, first.Revision));
        Assert.Equal(first, again);
        var shown = Assert.Single((await Network.FeedAsync(Ben, cancellationToken: Cancel)).Posts);
        Assert.Equal((Anna, "one revision 1", "film.mkv"), (shown.Author, shown.Text, shown.Resource.Name));
        Assert.Equal(PostOf("one", Anna).Link, shown.Link);
    }

    [Fact]
    public async Task A_higher_revision_changes_a_post_in_its_place_and_a_lower_one_does_not()
    {
        await PutAsync("one", Anna);
        await _subject.PassTimeAsync();
        await PutAsync("two", Anna);
        await _subject.PassTimeAsync();
        await PutAsync("one", Anna, revision: 3);
        Assert.Equal(3, (await PutAsync("one", Anna, revision: 2)).Revision);
        Assert.Equal(["two", "one"], await FeedAsync(Ben));
        Assert.Equal(("one revision 3", 3L), (await Network.ThreadAsync(Ben, "one", Cancel) is { } thread ? (thread.Post.Text, thread.Post.Resource.Length!.Value) : default));
    }

    [Fact]
    public async Task A_post_withdrawn_is_gone_with_its_thread_and_its_reshares_and_does_not_come_back()
    {
        await PutAsync("one", Anna);
        await Network.ReshareAsync(Ben, "one", Cancel);
        await Network.CommentAsync(Ben, "one", "nice", "k", Cancel);
        await Network.PutAsync(Anna, PostOf("one", Anna, revision: 3) with { Withdrawn = true }, Cancel);
        await PutAsync("one", Anna, revision: 2);
        Assert.Empty(await FeedAsync(Ben));
        Assert.Empty(await FeedAsync(Anna));
        Assert.False(await SeesAsync(Ben, "one"));
        Assert.Null(await Network.ReshareAsync(Ben, "one", Cancel));
    }

    [Fact]
    public async Task A_withdrawal_that_comes_first_keeps_the_post_away()
    {
        await Network.PutAsync(Anna, PostOf("one", Anna, revision: 2) with { Withdrawn = true }, Cancel);
        await PutAsync("one", Anna);
        Assert.Empty(await FeedAsync(Ben));
    }

    [Fact]
    public async Task Nobody_posts_in_the_name_or_under_the_key_of_another()
    {
        await PutAsync("one", Anna);
        Assert.Equal(ProblemCodes.NotAllowed, (await Assert.ThrowsAsync<SharingException>(() => PutAsync("one", Ben, revision: 9))).Code);
        Assert.Equal(ProblemCodes.NotAllowed, (await Assert.ThrowsAsync<SharingException>(() => Network.PutAsync(Ben, PostOf("two", Anna), Cancel))).Code);
        var reshare = await Network.ReshareAsync(Ben, "one", Cancel);
        await Assert.ThrowsAsync<SharingException>(() => PutAsync(reshare!.Id, Ben, revision: 9));
        Assert.Equal(Anna, (await Network.ThreadAsync(Ben, "one", Cancel))!.Post.Author);
        Assert.Null(await Network.ThreadAsync(Ben, "two", Cancel));
    }

    [Fact]
    public async Task What_does_not_fit_is_refused()
    {
        var bad = new[]
        {
            PostOf("one", Anna) with { Text = new string('x', 5001) },
            PostOf("one", Anna) with { Link = new Uri("javascript:alert(1)") },
            PostOf("one", Anna) with { Resource = new() { Address = new Uri("file:///etc/passwd"), Name = "x" } },
        };
        foreach (var post in bad)
        {
            Assert.Equal(ProblemCodes.InvalidInput, (await Assert.ThrowsAsync<SharingException>(() => Network.PutAsync(Anna, post, Cancel))).Code);
        }

        Assert.Empty(await FeedAsync(Anna));
        await Assert.ThrowsAsync<SharingException>(() => Network.FeedAsync(Anna, null, 0, Cancel));
        await Assert.ThrowsAsync<SharingException>(() => Network.FeedAsync(Anna, null, 101, Cancel));
        await Assert.ThrowsAsync<SharingException>(() => Network.FeedAsync(Anna, "rubbish", 10, Cancel));
    }

    [Fact]
    public async Task A_feed_has_the_newest_first_of_everybody_related_and_of_oneself_and_of_nobody_else()
    {
        await _subject.FollowAsync(Ben, Fay, true);
        foreach (var (key, author) in new[] { ("a", Anna), ("f", Fay), ("b", Ben), ("s", Sue) })
        {
            await PutAsync(key, author);
            await _subject.PassTimeAsync();
        }

        Assert.Equal(["b", "f", "a"], await FeedAsync(Ben));
        Assert.Equal(["f", "a"], await FeedAsync(Fay));
        Assert.Equal(["s"], await FeedAsync(Sue));
        await _subject.BefriendAsync(Anna, Ben, false);
        Assert.Equal(["b", "f"], await FeedAsync(Ben));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task Revisions_count_from_1(int revision) =>
        Assert.Equal(ProblemCodes.InvalidInput, (await Assert.ThrowsAsync<SharingException>(() => PutAsync("one", Anna, revision: revision))).Code);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_cursor_names_no_post_that_its_reader_may_not_see(int count)
    {
        for (var i = 0; i < 12; i++)
        {
            await PutAsync(i % 2 == 0 ? $"for-all-{i}" : $"secret-{i}", Anna, i % 2 == 0 ? Audience.Everyone : Audience.Friends);
            await _subject.PassTimeAsync();
        }

        for (var page = await Network.FeedAsync(Fay, null, count, Cancel); page.Next is { } cursor; page = await Network.FeedAsync(Fay, cursor, count, Cancel))
        {
            Assert.DoesNotContain("secret", cursor, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100)]
    public async Task Pages_of_any_length_over_many_authors_name_each_post_once_in_one_order(int count)
    {
        var reader = PersonId.Parse("reader");
        List<string> expected = [];
        for (var i = 0; i < 12; i++)
        {
            await _subject.FollowAsync(reader, PersonId.Parse($"author-{i}"), true);
        }

        for (var i = 0; i < 60; i++)
        {
            var hidden = i % 5 == 0; // these are for friends
            var key = string.Create(CultureInfo.InvariantCulture, $"post-{i}");
            await PutAsync(key, PersonId.Parse($"author-{i * 7 % 12}"), hidden ? Audience.Friends : Audience.Followers);
            if (i % 3 == 0)
            {
                await _subject.PassTimeAsync(); // so that some are of the same moment
            }

            if (!hidden)
            {
                expected.Add(key);
            }
        }

        var all = await PagesAsync(reader, count);
        Assert.Equal(expected.Order(StringComparer.Ordinal), all.Select(post => post.Id).Order(StringComparer.Ordinal));
        Assert.Equal(all.Select(post => post.At).OrderDescending(), all.Select(post => post.At));
        Assert.Equal((await PagesAsync(reader, 100)).Select(post => post.Id), all.Select(post => post.Id));
    }

    [Fact]
    public async Task What_is_posted_meanwhile_moves_no_page()
    {
        for (var i = 0; i < 6; i++)
        {
            await PutAsync($"old-{i}", Anna);
            await _subject.PassTimeAsync();
        }

        var first = await Network.FeedAsync(Ben, null, 3, Cancel);
        await PutAsync("new", Anna);
        var second = await Network.FeedAsync(Ben, first.Next, 3, Cancel);
        Assert.Equal(["old-5", "old-4", "old-3", "old-2", "old-1", "old-0"], first.Posts.Concat(second.Posts).Select(post => post.Id));
    }
}
