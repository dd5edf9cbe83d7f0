using Xunit;

namespace Sharing.Testing;

/// <summary>What a selector must do that says what it compares. Derive it beside <see cref="ChunkSourceSelectorSuite"/>.</summary>
public abstract class ExplainingSelectorSuite
{
    const long Chunk = 256 * 1024;

    /// <summary>Makes the selector.</summary>
    protected abstract IExplainingSelector Create();

    static SourceQuote[] Quotes(Random random) => [.. Enumerable.Range(0, 10).Select(i => new SourceQuote(
        $"source {i}", (SourceKind)random.Next(3), random.Next(4) * 1e6, random.Next(10) * Chunk, TimeSpan.FromSeconds(random.NextDouble()), random.NextDouble() * 1e-6))];

#pragma warning disable CS1591 // the names of the tests say it
    [Fact]
    public void What_it_chooses_is_the_cheapest_by_what_it_says()
    {
        var (selector, random) = (Create(), new Random(8));
        for (var round = 0; round < 500; round++)
        {
            var quotes = Quotes(random);
            var chosen = selector.CostOf(Chunk, quotes[selector.Select(Chunk, quotes)]).Total;
            Assert.All(quotes, quote => Assert.True(chosen <= selector.CostOf(Chunk, quote).Total + 1e-9));
        }
    }

    [Fact]
    public void No_part_is_less_than_nothing_and_together_they_are_the_whole()
    {
        var (selector, random) = (Create(), new Random(9));
        foreach (var quote in Quotes(random))
        {
            var cost = selector.CostOf(Chunk, quote);
            Assert.True(cost is { Waiting: >= 0, Latency: >= 0, Transfer: > 0, Price: >= 0 });
            Assert.Equal(cost.Waiting + cost.Latency + cost.Transfer + cost.Price, cost.Total, 1e-9);
        }
    }

    [Fact]
    public void To_say_it_allocates_nothing()
    {
        var (selector, quotes, sum) = (Create(), Quotes(new Random(10)), 0.0);
        var least = long.MaxValue; // of several: the runtime itself allocates now and then
        for (var round = 0; round < 5; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            foreach (var quote in quotes)
            {
                sum += selector.CostOf(Chunk, quote).Total;
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
        Assert.True(sum > 0);
    }
}
