using System.Globalization;
using Xunit;

namespace Sharing.Testing;

#pragma warning disable CS1591 // the names of the tests say it
public abstract partial class SocialNetworkSuite
{
    [Fact]
    [Trait("Row", "R4")]
    public async Task A_post_is_seen_by_its_audience_and_by_nobody_else()
    {
        (string Key, Audience Audience, PersonId[] Covered)[] matrix =
        [
            ("everyone", Audience.Everyone, [Anna, Ben, Fay, Sue]),
            ("followers", Audience.Followers, [Anna, Ben, Fay]),
            ("friends", Audience.Friends, [Anna, Ben]),
            ("named", Audience.Of(Sue, Fay), [Anna, Fay, Sue]),
        ];
        foreach (var (key, audience, _) in matrix)
        {
            await PutAsync(key, Anna, audience);
        }

        await _subject.FollowAsync(Anna, Sue, true); // that Anna reads Sue opens nothing of Anna's to Sue
        foreach (var (key, audience, covered) in matrix)
        {
            foreach (var reader in new[] { Anna, Ben, Fay, Sue })
            {
                Assert.True(covered.Contains(reader) == await SeesAsync(reader, key), $"{reader} and {key}");
                var inFeed = covered.Contains(reader) && reader != Sue; // Sue reads Anna nowhere, but finds the post by its id
                Assert.True(inFeed == (await FeedAsync(reader)).Contains(key), $"{reader}'s feed and {key}");
            }

            Assert.Equal(audience.Kind == AudienceKind.Everyone, await Network.ThreadAsync(null, key, Cancel) is not null);
        }
    }

    [Fact]
    [Trait("Row", "R4")]
    public async Task A_reshare_keeps_who_shared_it_first_and_opens_nothing()
    {
        await PutAsync("one", Anna, Audience.Followers);
        await PutAsync("open", Anna);
        await _subject.FollowAsync(Sue, Ben, true);
        await _subject.FollowAsync(Fay, Ben, true);
        await _subject.PassTimeAsync();
        var reshare = await Network.ReshareAsync(Ben, "one", Cancel);
        Assert.Equal((Anna, Ben, "one"), (reshare!.Author, reshare.ResharedBy, reshare.OriginalId));
        Assert.Equal(reshare.Id, (await Network.ReshareAsync(Ben, "one", Cancel))!.Id);
        Assert.Equal(reshare.Id, (await Network.ReshareAsync(Ben, reshare.Id, Cancel))!.Id);

        Assert.Single(await FeedAsync(Fay), id => id == reshare.Id);
        Assert.DoesNotContain(reshare.Id, await FeedAsync(Sue));
        Assert.Null(await Network.ThreadAsync(Sue, reshare.Id, Cancel));
        Assert.Null(await Network.ReshareAsync(Sue, reshare.Id, Cancel));
        Assert.Null(await Network.CommentAsync(Sue, reshare.Id, "hi", "k", Cancel));

        var open = await Network.ReshareAsync(Ben, "open", Cancel);
        var chain = await Network.ReshareAsync(Sue, open!.Id, Cancel);
        Assert.Equal((Anna, Sue, "open"), (chain!.Author, chain.ResharedBy, chain.OriginalId));
        Assert.Contains(open.Id, await FeedAsync(Sue));
    }

    [Fact]
    [Trait("Row", "R4")]
    public async Task A_reshare_shows_what_the_original_has_become_and_leads_to_its_thread()
    {
        await PutAsync("one", Anna);
        var reshare = await Network.ReshareAsync(Ben, "one", Cancel);
        await Network.CommentAsync(Fay, reshare!.Id, "by the reshare", "k", Cancel);
        await PutAsync("one", Anna, revision: 2);
        var shown = (await Network.FeedAsync(Ben, null, 100, Cancel)).Posts.Single(post => post.Id == reshare.Id);
        Assert.Equal(("one revision 2", 1), (shown.Text, shown.Comments));
        Assert.Equal("by the reshare", Assert.Single((await Network.ThreadAsync(Ben, reshare.Id, Cancel))!.Comments).Text);
        Assert.Equal("one", (await Network.ThreadAsync(Ben, reshare.Id, Cancel))!.Post.Id);
    }

    [Fact]
    [Trait("Row", "R4")]
    public async Task A_friendship_that_ends_ends_what_it_opened_at_once()
    {
        await PutAsync("one", Anna, Audience.Friends);
        Assert.True(await SeesAsync(Ben, "one"));
        await _subject.BefriendAsync(Anna, Ben, false);
        Assert.False(await SeesAsync(Ben, "one"));
        Assert.Empty(await FeedAsync(Ben));
    }

    [Fact]
    [Trait("Row", "R4")]
    public async Task Comments_stand_oldest_first_and_a_repeat_with_its_key_makes_none()
    {
        await PutAsync("one", Anna);
        var first = await Network.CommentAsync(Ben, "one", "  first 👩‍👩‍👦 ", "k1", Cancel);
        await _subject.PassTimeAsync();
        await Network.CommentAsync(Fay, "one", "second", "k1", Cancel);
        await _subject.PassTimeAsync();
        await Network.CommentAsync(Ben, "one", "third", new string('長', 200), Cancel);
        await Network.CommentAsync(Ben, "one", "third", new string('長', 200), Cancel);
        Assert.Equal(first!.Id, (await Network.CommentAsync(Ben, "one", "first 👩‍👩‍👦", "k1", Cancel))!.Id);
        var reused = await Assert.ThrowsAsync<SharingException>(() => Network.CommentAsync(Ben, "one", "other", "k1", Cancel));
        Assert.Equal(ProblemCodes.KeyReused, reused.Code);

        var thread = await Network.ThreadAsync(Sue, "one", Cancel);
        Assert.Equal([(Ben, "first 👩‍👩‍👦"), (Fay, "second"), (Ben, "third")], thread!.Comments.Select(c => (c.Author, c.Text)));
        Assert.Equal(3, thread.Post.Comments);
    }

    [Fact(Timeout = 60_000)]
    public async Task Comments_made_at_the_same_time_are_all_there()
    {
        await PutAsync("one", Anna);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(
            () => Network.CommentAsync(Ben, "one", "c", string.Create(CultureInfo.InvariantCulture, $"k{i / 2}"), Cancel), Cancel)));
        var thread = await Network.ThreadAsync(Anna, "one", Cancel);
        Assert.Equal((10, 10), (thread!.Comments.Count, thread.Post.Comments));
    }

    [Fact]
    public async Task A_comment_without_text_or_too_long_is_refused_and_one_on_nothing_is_null()
    {
        await PutAsync("one", Anna);
        foreach (var text in new[] { "", "  ", new string('x', 2001) })
        {
            Assert.Equal(ProblemCodes.InvalidInput, (await Assert.ThrowsAsync<SharingException>(() => Network.CommentAsync(Ben, "one", text, "k", Cancel))).Code);
        }

        Assert.Null(await Network.CommentAsync(Ben, "none", "hi", "k", Cancel));
        Assert.Null(await Network.CommentAsync(Ben, new string('x', 65), "hi", "k", Cancel));
        Assert.Null(await Network.ThreadAsync(Ben, "none", Cancel));
        Assert.Null(await Network.ThreadAsync(null, "none", Cancel));
        Assert.Null(await Network.ReshareAsync(Ben, "none", Cancel));
    }
}
