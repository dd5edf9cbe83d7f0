using System.Net;
using Sharing.P2P;
using Xunit;

namespace Sharing.Testing;

/// <summary>What every <see cref="ISwarmAdvice"/> must do. Derive it, return one that knows nobody, and run your tests.</summary>
public abstract class SwarmAdviceSuite : IAsyncLifetime
{
    static readonly string Anna = new('a', 64), Ben = new('b', 64), Carl = new('c', 64);

    /// <summary>The advice under test.</summary>
    protected AdviceUnderTest Subject { get; private set; } = null!;

    /// <summary>Ends with the test run.</summary>
    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Makes one that knows nobody.</summary>
    protected abstract Task<AdviceUnderTest> CreateAsync();

    /// <summary>Clears away what <see cref="CreateAsync"/> made.</summary>
    protected virtual ValueTask CleanUpAsync() => default;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        Subject = await CreateAsync();
        Assert.NotNull(Subject);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await CleanUpAsync();
        GC.SuppressFinalize(this);
    }

    async Task<SwarmAdvice> AskAsync(string device) => await Subject.Advice.AdviseAsync(Subject.Content, await Subject.TicketOfAsync(device), IPAddress.Loopback, Cancel);

#pragma warning disable CS1591 // the names of the tests say it
    [Fact]
    public async Task A_ticket_that_opens_nothing_gets_no_advice()
    {
        foreach (var bad in (string[])["", "rubbish", "e30.AAAA", (await Subject.TicketOfAsync(Anna))[..^4] + "AAAA"])
        {
            var refused = await Assert.ThrowsAsync<SharingException>(async () => await Subject.Advice.AdviseAsync(Subject.Content, bad, IPAddress.Loopback, Cancel));
            Assert.Equal(ProblemCodes.NotFound, refused.Code);
        }
    }

    [Fact]
    public async Task Where_nobody_else_is_it_says_what_bytes_cost_and_for_how_long()
    {
        var advice = await AskAsync(Anna);
        Assert.True(advice.ServerPricePerByte > 0 && advice.PeerPricePerByte >= 0 && advice.PeerPricePerByte < advice.ServerPricePerByte);
        Assert.True(advice.ValidFor > TimeSpan.Zero);
        Assert.Empty(advice.Members);
    }

    [Fact]
    public async Task The_server_is_dearer_when_it_is_busy()
    {
        var idle = (await AskAsync(Anna)).ServerPricePerByte;
        await Subject.MakeBusyAsync();
        Assert.True((await AskAsync(Anna)).ServerPricePerByte > idle);
    }

    [Fact]
    public async Task Who_is_seen_in_the_same_network_is_near_and_nobody_is_told_of_himself()
    {
        await Subject.AnnounceAsync(new() { Device = Anna });
        await Subject.AnnounceAsync(new() { Device = Ben });
        Assert.Equal(new MemberAdvice(Ben, IsNear: true), Assert.Single((await AskAsync(Anna)).Members));
        Assert.Equal(new MemberAdvice(Anna, IsNear: true), Assert.Single((await AskAsync(Ben)).Members));
        Assert.Equal([Anna, Ben], (await AskAsync(Carl)).Members.Select(member => member.Device).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_a_terminal_says_of_its_load_and_its_price_is_passed_on_as_far_as_it_can_be()
    {
        await Subject.AnnounceAsync(new() { Device = Ben, Load = 0.25, IsMetered = true });
        Assert.Equal(new MemberAdvice(Ben, 0.25, IsNear: true, IsMetered: true), Assert.Single((await AskAsync(Anna)).Members));
        await Subject.AnnounceAsync(new() { Device = Ben, Load = 1e9 });
        Assert.Equal(new MemberAdvice(Ben, 1, IsNear: true), Assert.Single((await AskAsync(Anna)).Members));
    }
}
