using Sharing.Core;
using Sharing.P2P;
using Sharing.Testing;

namespace Sharing.Tests.P2P;

/// <summary>With advice in place that weighs nothing, the selector is as good as the one inside.</summary>
[Trait("Row", "D5")]
public sealed class AdvisedSourceSelectorTests : ChunkSourceSelectorSuite
{
    const double Price = 4e-6;

    static readonly Dictionary<string, string> Names = Enumerable.Range(0, 5).ToDictionary(i => Device(i), i => $"10.0.0.{i}:7400");

    public static TheoryData<double> Nonsense => [double.NaN, double.NegativeInfinity, double.PositiveInfinity, -1, -1e300, 1e300, 1, double.Epsilon];

    protected override IChunkSourceSelector Create()
    {
        var selector = new AdvisedSourceSelector(new CheapestSourceSelector(), serverPrice: 0, TimeProvider.System);
        selector.Take(new() { ServerPricePerByte = 1, PeerPricePerByte = 1, ValidFor = TimeSpan.FromMinutes(1), Members = [new(Device(1), 1, true, true)] }, Names);
        return selector;
    }

    [Fact]
    public void What_the_server_says_of_its_price_turns_the_choice_until_it_is_old()
    {
        var time = new FakeTimeProvider();
        var selector = Advised(new() { ServerPricePerByte = 4 * Price, ValidFor = TimeSpan.FromMinutes(1) }, time);
        SourceQuote[] quotes = [Server(), Peer(1, rate: 0.15e6)]; // 1.3 s with its price, or 1.75 s: dearer than it was, it takes 4.2 s
        Assert.Equal(0, new CheapestSourceSelector().Select(Chunk, quotes));
        Assert.Equal(1, selector.Select(Chunk, quotes));
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, selector.Select(Chunk, quotes));
    }

    [Fact]
    public void Of_terminals_that_are_as_good_the_near_the_idle_and_the_one_that_costs_nobody_anything_is_chosen()
    {
        var advice = new SwarmAdvice
        {
            PeerPricePerByte = Price / 8, ValidFor = TimeSpan.FromMinutes(1),
            Members = [new(Device(0), IsNear: true), new(Device(1), Load: 1), new(Device(2), IsMetered: true), new(Device(3), Load: 0.5, IsNear: true)],
        };
        var selector = Advised(advice);
        Assert.Equal(1, selector.Select(Chunk, [Peer(4), Peer(0)]));
        Assert.Equal(1, selector.Select(Chunk, [Peer(1), Peer(4)]));
        Assert.Equal(1, selector.Select(Chunk, [Peer(2), Peer(4)]));
        Assert.Equal(1, selector.Select(Chunk, [Peer(3), Peer(0)]));
        Assert.Equal(0, selector.Select(Chunk, [Peer(4, rate: 3e6), Peer(0)])); // what is measured decides
    }

    [Theory]
    [MemberData(nameof(Nonsense))]
    public void Bad_advice_keeps_prices_between_half_and_four_times_and_no_terminal_dearer_than_the_server(double figure)
    {
        var selector = Advised(new()
        {
            ServerPricePerByte = figure, PeerPricePerByte = figure, ValidFor = TimeSpan.MaxValue,
            Members = [new(Device(1), figure), new(Device(2), figure, IsMetered: true), new("nobody", figure), null!, new(null!), .. Enumerable.Range(0, 5000).Select(i => new MemberAdvice($"{i}", figure))],
        });
        Assert.InRange(selector.CostOf(1_000_000, Server()).Price, Price / 2 * 1e6, Price * 4 * 1e6);
        foreach (var peer in (SourceQuote[])[Peer(1), Peer(2), Peer(3)])
        {
            Assert.InRange(selector.CostOf(1_000_000, peer).Price, 0, Price / 4 * 1e6);
            Assert.Equal(1, selector.Select(Chunk, [Server(), peer]));
        }
    }

    [Fact]
    public void Advice_that_favours_one_terminal_sends_it_no_queue()
    {
        var selector = Advised(new()
        {
            ServerPricePerByte = 1e9, PeerPricePerByte = 1e9, ValidFor = TimeSpan.FromMinutes(1),
            Members = [new(Device(0), IsNear: true), .. Enumerable.Range(1, 4).Select(i => new MemberAdvice(Device(i), Load: 1, IsMetered: true))],
        });
        var (queued, given) = (new long[5], new int[5]);
        for (var chunk = 0; chunk < 200; chunk++)
        {
            var chosen = selector.Select(Chunk, [.. Enumerable.Range(0, 5).Select(i => Peer(i) with { QueuedBytes = queued[i] })]);
            queued[chosen] += Chunk;
            given[chosen]++;
        }

        Assert.All(given, chunks => Assert.InRange(chunks, 35, 50));
    }

    [Fact]
    public void Without_a_price_of_the_owners_advice_has_no_say()
    {
        var selector = new AdvisedSourceSelector(new CheapestSourceSelector(), serverPrice: 0, TimeProvider.System);
        selector.Take(new() { ServerPricePerByte = 1, ValidFor = TimeSpan.FromMinutes(1) }, Names);
        Assert.Equal(0, selector.CostOf(Chunk, Server() with { PricePerByte = 0 }).Price);
    }

    static AdvisedSourceSelector Advised(SwarmAdvice advice, TimeProvider? time = null)
    {
        var selector = new AdvisedSourceSelector(new CheapestSourceSelector(), Price, time ?? TimeProvider.System);
        selector.Take(advice, Names);
        return selector;
    }

    static SourceQuote Server() => Quote(SourceKind.Server, price: Price);

    static SourceQuote Peer(int device, double rate = 1e6) => Quote(SourceKind.Peer, rate, name: $"10.0.0.{device}:7400");

    static string Device(int number) => new((char)('a' + number), 64);
}

[Trait("Row", "D5")]
public sealed class AdvisedSourceCostTests : ExplainingSelectorSuite
{
    protected override IExplainingSelector Create()
    {
        var selector = new AdvisedSourceSelector(new CheapestSourceSelector(), 4e-6, TimeProvider.System);
        selector.Take(new() { ServerPricePerByte = 1e-5, PeerPricePerByte = 1e-6, ValidFor = TimeSpan.FromMinutes(1) }, new Dictionary<string, string>());
        return selector;
    }
}
