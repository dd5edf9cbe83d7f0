using System.Net;
using Sharing.Core;
using Sharing.P2P;
using Sharing.Testing;
using Sharing.Trials.Scripted;

namespace Sharing.Tests.P2P;

[Trait("Row", "D5")]
public sealed class ServerAdviceTests : SwarmAdviceSuite
{
    SwarmBench? _bench;

    protected override async Task<AdviceUnderTest> CreateAsync()
    {
        _bench = await SwarmBench.StartAsync();
        var advice = _bench.Server.Get<ServerAdvice>();
        var (subject, _) = await AdviceBench.OfAsync(_bench, advice);
        return subject with { AnnounceAsync = member => Task.FromResult(advice.Announced(subject.Content, member, IPAddress.Loopback, [])) };
    }

    protected override ValueTask CleanUpAsync() => _bench?.DisposeAsync() ?? default;

    [Theory]
    [InlineData("203.0.113.9", "203.0.113.9", true)] // one way out
    [InlineData("203.0.113.9", "203.0.113.10", false)]
    [InlineData("192.168.1.4", "192.168.1.200", true)]
    [InlineData("192.168.1.4", "192.168.2.4", false)]
    [InlineData("10.1.2.3", "::ffff:10.1.2.77", true)]
    [InlineData("2001:db8:1:2::5", "2001:db8:1:2:9::1", true)]
    [InlineData("2001:db8:1:2::5", "2001:db8:1:3::5", false)]
    [InlineData("2001:db8::1", "10.0.0.1", false)]
    public async Task Near_is_one_public_address_or_one_local_network(string one, string other, bool isNear)
    {
        var advice = _bench!.Server.Get<ServerAdvice>();
        advice.Announced(Subject.Content, new() { Device = new('b', 64), Load = 0.5 }, IPAddress.Parse(one), []);
        var said = await advice.AdviseAsync(Subject.Content, await Subject.TicketOfAsync(new('a', 64)), IPAddress.Parse(other), Cancel);
        Assert.Equal(isNear, Assert.Single(said.Members).IsNear);
    }

    [Fact]
    public void What_goes_out_is_counted_over_the_last_seconds()
    {
        var time = new FakeTimeProvider();
        var meter = new EgressMeter(time);
        Assert.Equal(0, meter.BytesPerSecond);
        for (var second = 0; second < 60; second++)
        {
            meter.Count(500_000);
            time.Advance(TimeSpan.FromSeconds(0.5));
        }

        Assert.InRange(meter.BytesPerSecond, 900_000, 1_100_000);
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.InRange(meter.BytesPerSecond, 0, 10);
    }
}

[Trait("Row", "D5")]
public sealed class HttpAdviceTests : SwarmAdviceSuite
{
    SwarmBench? _bench;

    protected override async Task<AdviceUnderTest> CreateAsync()
    {
        _bench = await SwarmBench.StartAsync();
        var (subject, _) = await AdviceBench.OfAsync(_bench, new HttpAdvice(_bench.Server.Connect()));
        return subject;
    }

    protected override ValueTask CleanUpAsync() => _bench?.DisposeAsync() ?? default;

    [Fact]
    public async Task Advice_comes_with_the_answer_to_an_announcement()
    {
        var index = new HttpChunkIndex(_bench!.Server.Connect());
        var (anna, ben) = (new string('a', 64), new string('b', 64));
        await index.AnnounceAsync(Subject.Content, new() { Device = ben }, await Subject.TicketOfAsync(ben), Cancel);
        var view = await index.AnnounceAsync(Subject.Content, new() { Device = anna }, await Subject.TicketOfAsync(anna), Cancel);
        Assert.Equal(new MemberAdvice(ben, IsNear: true), Assert.Single(view.Advice!.Members));
        Assert.True(view.Advice.ServerPricePerByte > 0);
    }
}

static class AdviceBench
{
    public static async Task<(AdviceUnderTest Subject, ShareId Share)> OfAsync(SwarmBench bench, ISwarmAdvice advice)
    {
        var bytes = Samples.Random(4, 100_000);
        var share = await bench.ShareAsync(bytes);
        var (shares, index, content) = (new HttpShares(bench.Server.Connect()), new HttpChunkIndex(bench.Server.Connect()), Samples.IdOf(bytes));
        async Task<string> TicketOfAsync(string device) => (await shares.OpenAsync(null, share, device))!.Ticket;
        return (
            new AdviceUnderTest
            {
                Advice = advice, Content = content, TicketOfAsync = TicketOfAsync,
                AnnounceAsync = async member => await index.AnnounceAsync(content, member, await TicketOfAsync(member.Device)),
                MakeBusyAsync = () =>
                {
                    for (var i = 0; bench.Server.Get<PeerDoor>().Slots.Take($"{i / 8}") is not null; i++)
                    {
                        // all of them
                    }

                    return Task.CompletedTask;
                },
            },
            share);
    }
}
