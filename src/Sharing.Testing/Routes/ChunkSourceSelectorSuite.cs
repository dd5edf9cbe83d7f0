using Xunit;

namespace Sharing.Testing;

/// <summary>What every <see cref="IChunkSourceSelector"/> must do that decides by the cost of transfer. Derive it, return a selector, and run your tests.</summary>
public abstract class ChunkSourceSelectorSuite
{
    const double MegaByte = 1e6;

    /// <summary>Bytes in the chunks that are asked about.</summary>
    protected const long Chunk = 256 * 1024;

    /// <summary>Makes the selector.</summary>
    protected abstract IChunkSourceSelector Create();

    /// <summary>A source: idle, near and free, unless something else is said.</summary>
    protected static SourceQuote Quote(SourceKind kind, double rate = MegaByte, long queued = 0, double latency = 0.01, double price = 0, string? name = null) =>
        new(name ?? kind.ToString(), kind, rate, queued, TimeSpan.FromSeconds(latency), price);

    /// <summary>Asserts which of two is chosen, whichever comes first.</summary>
    void Prefers(SourceQuote better, SourceQuote worse)
    {
        var selector = Create();
        Assert.Equal(0, selector.Select(Chunk, [better, worse]));
        Assert.Equal(1, selector.Select(Chunk, [worse, better]));
    }

#pragma warning disable CS1591 // the names of the tests say it
    [Fact]
    public void What_only_one_has_comes_from_there_whatever_it_costs()
    {
        foreach (var kind in Enum.GetValues<SourceKind>())
        {
            Assert.Equal(0, Create().Select(Chunk, [Quote(kind)]));
            Assert.Equal(0, Create().Select(Chunk, [Quote(kind, rate: 1, queued: long.MaxValue / 2, latency: 1e6, price: 1e12)]));
            Assert.Equal(0, Create().Select(Chunk, [Quote(kind, rate: double.NaN, price: double.NaN)]));
            Assert.Equal(0, Create().Select(Chunk, [Quote(kind, price: double.PositiveInfinity)]));
        }
    }

    [Fact]
    public void On_a_tie_it_is_the_server()
    {
        Prefers(Quote(SourceKind.Server), Quote(SourceKind.Peer));
        Prefers(Quote(SourceKind.Server, rate: 0), Quote(SourceKind.Peer, rate: 0));
        Assert.Equal(2, Create().Select(Chunk, [Quote(SourceKind.Peer), Quote(SourceKind.Peer), Quote(SourceKind.Server), Quote(SourceKind.Peer)]));
    }

    [Fact]
    public void The_faster_of_two_is_chosen()
    {
        Prefers(Quote(SourceKind.Peer, rate: 3 * MegaByte), Quote(SourceKind.Server));
        Prefers(Quote(SourceKind.Server, rate: 3 * MegaByte), Quote(SourceKind.Peer));
        Prefers(Quote(SourceKind.Peer, rate: 3 * MegaByte), Quote(SourceKind.Peer));
    }

    [Fact]
    public void What_a_byte_costs_counts_against_what_it_takes()
    {
        Prefers(Quote(SourceKind.Peer), Quote(SourceKind.Server, rate: 1.2 * MegaByte, price: 1e-6)); // a quarter of a second more for the chunk
        Prefers(Quote(SourceKind.Server, rate: 20 * MegaByte, price: 1e-7), Quote(SourceKind.Peer, rate: 0.1 * MegaByte));
        Prefers(Quote(SourceKind.Peer), Quote(SourceKind.Origin, rate: 1000 * MegaByte, price: 1e9));
    }

    [Fact]
    public void What_a_source_has_to_bring_first_counts()
    {
        Prefers(Quote(SourceKind.Peer), Quote(SourceKind.Server, rate: 2 * MegaByte, queued: 16 * Chunk));
        Prefers(Quote(SourceKind.Server, rate: 8 * MegaByte, queued: Chunk), Quote(SourceKind.Peer));
    }

    [Fact]
    public void The_way_there_and_back_counts()
    {
        Prefers(Quote(SourceKind.Peer, latency: 0.001), Quote(SourceKind.Server, latency: 0.5));
        Prefers(Quote(SourceKind.Server, latency: 0.5, rate: 50 * MegaByte), Quote(SourceKind.Peer, rate: 0.1 * MegaByte));
    }

    [Fact]
    public void A_source_that_nothing_was_measured_of_is_tried_before_one_that_is_slow_or_busy()
    {
        Prefers(Quote(SourceKind.Peer, rate: 0, latency: 0), Quote(SourceKind.Server, rate: 0.05 * MegaByte));
        Prefers(Quote(SourceKind.Peer, rate: 0, latency: 0), Quote(SourceKind.Server, queued: 256 * Chunk));
    }

    [Fact]
    public void A_figure_that_is_none_neither_wins_nor_breaks_the_choice()
    {
        var (sane, selector) = (Quote(SourceKind.Peer), Create());
        foreach (var odd in (double[])[double.NaN, double.PositiveInfinity])
        {
            Prefers(sane, Quote(SourceKind.Server, price: odd));
        }

        foreach (var odd in (double[])[double.NaN, 0, -1, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon])
        {
            var chosen = selector.Select(Chunk, [sane, Quote(SourceKind.Server, rate: odd), sane, Quote(SourceKind.Peer, rate: odd, price: odd)]);
            Assert.InRange(chosen, 0, 3);
        }
    }

    [Fact]
    public void The_choice_depends_on_the_sources_and_not_on_their_order()
    {
        var (selector, random) = (Create(), new Random(5));
        for (var round = 0; round < 500; round++)
        {
            var quotes = Enumerable.Range(0, 12).Select(i => Quote(
                (SourceKind)random.Next(3), random.NextDouble() * 10 * MegaByte, random.Next(10) * Chunk, random.NextDouble(), random.NextDouble() * 1e-6, $"source {i}")).ToArray();
            var chosen = quotes[selector.Select(Chunk, quotes)].Name;
            random.Shuffle(quotes);
            Assert.Equal(chosen, quotes[selector.Select(Chunk, quotes)].Name);
        }
    }

    [Fact]
    public void A_choice_allocates_nothing()
    {
        var (selector, random) = (Create(), new Random(6));
        var quotes = Enumerable.Range(0, 500).Select(i => Quote((SourceKind)random.Next(3), random.NextDouble() * MegaByte, random.Next(10) * Chunk, name: $"10.0.{i / 256}.{i % 256}:7400")).ToArray();
        var chosen = 0L;
        for (var i = 0; i < 100; i++)
        {
            chosen += selector.Select(Chunk, quotes); // what is made once is made
        }

        var least = long.MaxValue; // of several: the runtime itself allocates now and then
        for (var round = 0; round < 5; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1000; i++)
            {
                chosen += selector.Select(Chunk, quotes);
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
        Assert.True(chosen >= 0);
    }

    [Fact]
    public void Many_may_ask_at_once()
    {
        var (selector, random) = (Create(), new Random(7));
        var questions = Enumerable.Range(0, 64).Select(_ => Enumerable.Range(0, random.Next(1, 60)).Select(i => Quote(
            (SourceKind)random.Next(3), random.NextDouble() * 10 * MegaByte, random.Next(10) * Chunk, random.NextDouble())).ToArray()).ToArray();
        var expected = Array.ConvertAll(questions, quotes => selector.Select(Chunk, quotes));
        Parallel.For(0, 4000, i => Assert.Equal(expected[i % 64], selector.Select(Chunk, questions[i % 64])));
    }
}
