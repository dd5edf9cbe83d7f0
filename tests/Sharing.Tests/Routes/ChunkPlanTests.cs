using Sharing.Core;

namespace Sharing.Tests.Routes;

public sealed class ChunkPlanTests
{
    const int Size = 1024;

    [Fact]
    [Trait("Row", "D5")]
    public void The_chunk_that_the_fewest_peers_have_comes_first()
    {
        var plan = Plan(100);
        var (first, second) = (Add(plan), Add(plan));
        plan.Hold(first, 0, 100);
        plan.Hold(second, 0, 99);
        Assert.Equal(99, plan.Pick(first, now: 0));
        plan.Unwant(99);
        Assert.InRange(plan.Pick(first, now: 0), 0, 98);
    }

    [Fact]
    [Trait("Row", "D5")]
    public void Of_equals_one_is_chosen_at_random()
    {
        var chosen = Enumerable.Range(0, 50).Select(seed =>
        {
            var plan = Plan(1000, seed);
            var peer = Add(plan);
            plan.Hold(peer, 0, 1000);
            return plan.Pick(peer, now: 0);
        });
        Assert.True(chosen.Distinct().Count() > 30);
    }

    [Fact]
    public void A_peer_is_asked_only_for_what_it_has_and_is_wanted()
    {
        var plan = Plan(200);
        var peer = Add(plan);
        plan.Hold(peer, 70, 3);
        plan.Unwant(70);
        plan.Unwant(72);
        Assert.Equal(71, plan.Pick(peer, now: 0));
        plan.Unwant(71);
        Assert.Equal(-1, plan.Pick(peer, now: 0));
    }

    [Fact]
    public void Without_peers_a_whole_source_is_read_from_the_front()
    {
        var plan = Plan(100);
        var server = Add(plan, SourceKind.Server);
        plan.Unwant(0);
        Assert.Equal(1, plan.Pick(server, now: 0));
    }

    [Fact]
    [Trait("Row", "D5")]
    public void What_nobody_has_comes_from_the_server_and_what_somebody_has_from_the_cheaper()
    {
        var plan = Plan(2);
        var server = Add(plan, SourceKind.Server, price: 1);
        var peer = Add(plan);
        plan.Hold(peer, 0, 1);
        Feed(peer, bytes: 1_000_000, from: 0, to: 1);
        Assert.Equal(1, plan.Pick(server, now: 1));
        plan.Unwant(1);
        Assert.Equal(-1, plan.Pick(server, now: 1));
        Assert.Equal(0, plan.Pick(peer, now: 1));
        peer.Ask(10_000_000_000, now: 2); // hours of work, more than the server's price
        Feed(server, bytes: 1_000_000, from: 1, to: 2);
        Assert.Equal(-1, plan.Pick(peer, now: 2));
    }

    [Fact]
    public void A_slow_source_gets_a_chunk_only_if_it_brings_it_before_the_others_are_done()
    {
        var plan = Plan(100);
        var (fast, slow) = (Add(plan, SourceKind.Server), Add(plan, SourceKind.Server));
        Feed(fast, bytes: 100 * Size, from: 0, to: 1);
        Feed(slow, bytes: 2 * Size, from: 0, to: 1);
        Assert.True(plan.Pick(slow, now: 1) >= 0); // half a second, and the other needs one
        for (var chunk = 0; chunk < 70; chunk++)
        {
            plan.Unwant(chunk);
        }

        Assert.Equal(-1, plan.Pick(slow, now: 1)); // the other is done after 0.3 s
    }

    [Fact]
    public void What_peers_have_is_counted_as_they_come_and_go()
    {
        var plan = Plan(500);
        var random = new Random(7);
        var peers = new List<PlannedSource>();
        for (var step = 0; step < 2000; step++)
        {
            if (peers.Count == 0 || random.Next(10) == 0)
            {
                peers.Add(Add(plan));
            }
            else if (random.Next(20) == 0)
            {
                plan.Remove(peers[0]);
                peers.RemoveAt(0);
            }
            else
            {
                var first = random.Next(500);
                plan.Hold(peers[random.Next(peers.Count)], first, random.Next(500 - first));
            }
        }

        for (var level = 0; level < ChunkPlan.Levels; level++)
        {
            var expected = Enumerable.Range(0, 500).Where(chunk => Math.Min(peers.Count(peer => peer.Holds(chunk)), ChunkPlan.Levels - 1) == level).ToArray();
            Assert.Equal(expected.Length, plan.CountAt(level));
            Assert.Equal(expected, Enumerable.Range(0, 500).Where(chunk => (plan.Level(level)[chunk / 64] >> (chunk % 64) & 1) != 0));
        }
    }

    [Fact]
    public void A_source_that_was_asked_and_is_silent_grows_slower()
    {
        var source = new Source(SourceKind.Peer, 0);
        Feed(source, bytes: 1_000_000, from: 0, to: 1);
        source.BeginRead(1);
        Assert.Equal(source.RateAt(1), source.RateAt(1.2));
        Assert.True(source.RateAt(3) < source.RateAt(1) / 5);
        source.EndRead(3);
        Assert.True(source.RateAt(4) < 300_000);
    }

    [Fact]
    public void For_a_reader_the_front_comes_first()
    {
        var front = new FrontFirstPicker(new RarestFirstPicker(new Random(1))) { Front = 62, Window = 4 };
        var plan = new ChunkPlan(200, Size, front, new CheapestSourceSelector());
        WantAll(plan);
        var peer = Add(plan);
        plan.Hold(peer, 0, 200);
        foreach (var expected in (int[])[62, 63, 64, 65])
        {
            Assert.Equal(expected, plan.Pick(peer, now: 0));
            plan.Unwant(expected);
        }

        Assert.DoesNotContain(plan.Pick(peer, now: 0), Enumerable.Range(62, 4));
    }

    [Fact]
    public void A_server_that_gives_to_others_is_asked_again_after_longer_and_longer_moments_until_it_gives()
    {
        var plan = Plan(10);
        var server = Add(plan, SourceKind.Server);
        var asked = new List<double>();
        for (var now = 0.0; now < 60; now += 0.05)
        {
            if (plan.Pick(server, now) >= 0)
            {
                asked.Add(now);
                server.HoldBack(now, share: 0.5);
            }
        }

        Assert.InRange(asked.Count, 10, 14); // 0.25, 0.5, 1, 2, 4, 8, 8 ... seconds
        server.Gave();
        server.HoldBack(100, share: 0.5);
        Assert.Equal(-1, plan.Pick(server, 100.2));
        Assert.True(plan.Pick(server, 100.3) >= 0);
    }

    [Fact]
    public void A_slow_peer_is_asked_while_the_server_gives_to_others()
    {
        var plan = Plan(10);
        var (server, peer) = (Add(plan, SourceKind.Server), Add(plan));
        plan.Hold(peer, 0, 10);
        Feed(server, bytes: 4_000_000, from: 0, to: 1);
        Feed(peer, bytes: 1000, from: 0, to: 1);
        Assert.Equal(-1, plan.Pick(peer, now: 1));
        server.HoldBack(now: 1, share: 0.5);
        Assert.True(plan.Pick(peer, now: 1) >= 0);
        Assert.Equal(-1, plan.Pick(peer, now: 1.3));
    }

    static ChunkPlan Plan(int count, int seed = 1)
    {
        var plan = new ChunkPlan(count, Size, new InOrderPicker(new RarestFirstPicker(new Random(seed))), new CheapestSourceSelector());
        WantAll(plan);
        return plan;
    }

    static void WantAll(ChunkPlan plan)
    {
        for (var chunk = 0; chunk < plan.Count; chunk++)
        {
            plan.Want(chunk);
        }
    }

    static Source Add(ChunkPlan plan, SourceKind kind = SourceKind.Peer, double price = 0)
    {
        var source = new Source(kind, price) { Held = kind == SourceKind.Server ? null : [] };
        plan.Add(source);
        return source;
    }

    static void Feed(PlannedSource source, long bytes, double from, double to)
    {
        source.BeginRead(from);
        source.Measure(bytes, to);
        source.EndRead(to);
    }

    sealed class Source(SourceKind kind, double price) : PlannedSource(new SourceTraits("source", kind, price))
    {
        public override bool CanServe => true;
    }
}
