using Xunit;

namespace Sharing.Testing;

#pragma warning disable CS1591 // the names of the tests say it
/// <summary>What an <see cref="ISocialPublisher"/> must do besides that can change posts afterwards (<see cref="PublisherTraits.CanUpdate"/>).</summary>
public abstract class UpdatingPublisherSuite : PublisherSuite
{
    [Fact]
    public void Its_traits_say_that_it_can() => Assert.True(Subject.Publisher.Traits.CanUpdate);

    [Fact]
    public async Task A_higher_revision_changes_the_post_in_place()
    {
        var first = await SendAsync(PostOf("one"));
        var second = await SendAsync(PostOf("one", revision: 2) with { RemoteId = first.RemoteId });
        await SendAsync(PostOf("one", revision: 2) with { RemoteId = first.RemoteId });
        Assert.Equal(first.RemoteId, second.RemoteId);
        await AssertShownAsync(PostOf("one", revision: 2));
    }

    [Fact]
    public async Task An_older_revision_that_comes_late_changes_nothing()
    {
        await SendAsync(PostOf("one", revision: 3));
        await PublishAsync(PostOf("one", revision: 2));
        await AssertShownAsync(PostOf("one", revision: 3));
    }

    [Fact]
    public async Task A_post_withdrawn_is_shown_no_longer_and_withdrawing_is_repeatable()
    {
        var one = await SendAsync(PostOf("one"));
        await SendAsync(PostOf("two"));
        for (var i = 0; i < 2; i++)
        {
            await SendAsync(PostOf("one", revision: 2) with { Withdrawn = true, RemoteId = one.RemoteId });
            await AssertShownAsync(PostOf("two"));
        }
    }

    [Fact]
    public async Task A_post_whose_reply_was_lost_can_be_withdrawn_too()
    {
        await SendAsync(PostOf("one"));
        await SendAsync(PostOf("two"));
        await SendAsync(PostOf("one", revision: 2) with { Withdrawn = true });
        await AssertShownAsync(PostOf("two"));
    }

    /// <summary>Replace it where the network forgets what was withdrawn: the outbox sends nothing that it has withdrawn, but a request that is late may arrive after.</summary>
    [Fact]
    public virtual async Task A_post_withdrawn_before_the_network_heard_of_it_is_never_shown()
    {
        await PublishAsync(PostOf("one", revision: 2) with { Withdrawn = true });
        Assert.Empty(await Subject.ShownAsync(Cancel));
        await PublishAsync(PostOf("one"));
        Assert.Empty(await Subject.ShownAsync(Cancel));
    }
}
