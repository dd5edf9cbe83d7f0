using Sharing;

namespace OwnCostModel;

/// <summary>What the server sends between 18 and 23 o'clock costs its operator three times as much; all else is time.</summary>
public sealed class EveningTariff(TimeProvider time) : IExplainingSelector
{
    const double NotMeasured = 4e6; // bytes a second: what a source is taken for that has brought nothing yet

    public int Select(long chunkLength, ReadOnlySpan<SourceQuote> quotes)
    {
        var (best, least) = (0, double.PositiveInfinity);
        for (var i = 0; i < quotes.Length; i++)
        {
            var cost = CostOf(chunkLength, quotes[i]).Total;
            if (cost < least || (cost == least && quotes[i].Kind == SourceKind.Server && quotes[best].Kind != SourceKind.Server))
            {
                (best, least) = (i, cost); // the server on a tie
            }
        }

        return best;
    }

    public ChunkCost CostOf(long chunkLength, in SourceQuote quote)
    {
        var rate = quote.BytesPerSecond > 0 ? quote.BytesPerSecond : NotMeasured;
        var times = quote.Kind == SourceKind.Server && time.GetUtcNow().Hour is >= 18 and < 23 ? 3 : 1;
        return new ChunkCost(
            Waiting: quote.QueuedBytes / rate,
            Latency: quote.Latency.TotalSeconds,
            Transfer: chunkLength / rate,
            Price: times * quote.PricePerByte * chunkLength);
    }
}
