using System.Globalization;
using Xunit;

namespace Sharing.Testing;

#pragma warning disable CS1591 // the names of the tests say it
/// <summary>What an <see cref="ISocialPublisher"/> must do besides on a line that goes wrong. Derive it where the publisher speaks HTTP, and put a <see cref="FaultServer"/> before the
/// network (<see cref="PublisherUnderTest.Faults"/>).</summary>
/// <remarks>The outbox stands behind all of it: what is unknown is repeated only in the way that the traits make safe, which is what each test does after a fault.</remarks>
public abstract class FaultyNetworkSuite : UpdatingPublisherSuite
{
    FaultServer Faults => Assert.IsType<FaultServer>(Subject.Faults);

    [Fact]
    public Task After_a_reply_that_was_lost_a_repeat_is_shown_once() => UnknownAsync(NetworkFault.LostReply);

    [Fact]
    public Task After_a_request_that_was_lost_a_repeat_is_shown_once() => UnknownAsync(NetworkFault.LostRequest);

    [Fact]
    public Task After_a_gateway_that_broke_a_repeat_is_shown_once() => UnknownAsync(NetworkFault.BadGateway);

    [Fact]
    public async Task A_request_that_arrives_twice_is_shown_once()
    {
        await BeAtHomeAsync();
        Faults.Next(NetworkFault.Duplicate);
        await SendAsync(PostOf("one"));
        await AssertShownAsync(PostOf("one"), PostOf("home"));
    }

    [Fact]
    public async Task A_change_whose_reply_was_lost_is_made_once()
    {
        var first = await SendAsync(PostOf("one"));
        var changed = PostOf("one", revision: 2) with { RemoteId = first.RemoteId };
        Faults.Next(NetworkFault.LostReply);
        AssertUnknown(await TryAsync(changed));
        await SettleAsync();
        await SendAsync(changed);
        await AssertShownAsync(changed);
    }

    [Fact]
    public async Task A_line_that_never_answers_is_given_up_by_whoever_waits()
    {
        await BeAtHomeAsync();
        Faults.Next(NetworkFault.HalfOpen);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var publish = Subject.Publisher.PublishAsync(PostOf("one"), Subject.Account, patience.Token);
        for (var seen = Faults.Requests; !publish.IsCompleted && Faults.Requests == seen;)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancel);
        }

        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => publish);
        await SettleAsync();
        await RepeatAsync(PostOf("one"));
        await AssertShownAsync(PostOf("one"), PostOf("home"));
    }

    [Theory]
    [InlineData("Retry-After: 90", 90)]
    [InlineData("Retry-After: {date}", 90)]
    [InlineData("RateLimit-Reset: {epoch}", 90)]
    [InlineData("X-RateLimit-Reset: {iso}", 90)]
    [InlineData("RateLimit-Reset: 90", 90)]
    [InlineData("Retry-After: -5", 0)]
    [InlineData("Retry-After: Fri, 31 Dec 9999 23:59:59 GMT", 86_400)]
    [InlineData("X-Nothing: 1", 0)]
    public async Task A_network_that_allows_no_more_says_until_when_and_nothing_is_sent_before(string header, int seconds)
    {
        await BeAtHomeAsync();
        var at = Now().AddSeconds(90);
        Faults.Next(NetworkFault.TooMany(header
            .Replace("{date}", at.ToString("R", CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{epoch}", at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{iso}", at.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture), StringComparison.Ordinal)));
        var outcome = await PublishAsync(PostOf("one"));
        Assert.Equal(PublishState.Waiting, outcome.State);
        var wait = outcome.RetryAt is { } until ? until - Now() : outcome.RetryAfter;
        if (seconds > 0)
        {
            Assert.InRange(wait!.Value.TotalSeconds, seconds - 5, seconds + 5);
        }

        var seen = Faults.Requests;
        if (wait is not null && KeepsBudget)
        {
            var held = await PublishAsync(PostOf("two"));
            Assert.True(held is { State: PublishState.Waiting, IsHeld: true }, "What the network would turn away is not sent to it.");
            Assert.Equal(seen, Faults.Requests);
        }

        await AssertShownAsync(PostOf("home"));
    }

    /// <summary>Whether the publisher sends nothing to an account's server for as long as that wants to be left alone.</summary>
    protected virtual bool KeepsBudget => true;

    /// <summary>The time of the publisher's clock.</summary>
    protected virtual DateTimeOffset Now() => TimeProvider.System.GetUtcNow();

    /// <summary>Waits until the publisher tries a server again that did not answer.</summary>
    protected virtual Task SettleAsync() => Task.Delay(TimeSpan.FromSeconds(1.1), TimeProvider.System, Cancel);

    async Task UnknownAsync(NetworkFault fault)
    {
        await BeAtHomeAsync();
        Faults.Next(fault);
        AssertUnknown(await TryAsync(PostOf("one")));
        await SettleAsync();
        await RepeatAsync(PostOf("one"));
        await AssertShownAsync(PostOf("one"), PostOf("home"));
    }

    /// <summary>Whatever a publisher does first (signing in) is done.</summary>
    Task BeAtHomeAsync() => SendAsync(PostOf("home"));

    /// <summary>An exception is the same as an outcome that nobody knows.</summary>
    async Task<PublishOutcome?> TryAsync(Post post)
    {
        try
        {
            return await PublishAsync(post);
        }
        catch (Exception fault) when (fault is not Xunit.Sdk.XunitException)
        {
            return null;
        }
    }

    /// <summary>A publisher may find out by itself; that it is there is seen at the end.</summary>
    static void AssertUnknown(PublishOutcome? outcome) => Assert.True(
        outcome is null or { State: PublishState.Sent } or { State: PublishState.Waiting, MayBeThere: true }, $"Nobody knows what became of it, and the publisher says {outcome?.State}.");
}
