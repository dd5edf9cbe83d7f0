namespace Sharing.Core;

/// <summary>Takes the source with the least cost: waiting for what is queued, latency, transfer time, and price; a server on a tie. Thread-safe.</summary>
/// <remarks>A source that nothing is known of is taken for one of 8 MiB/s, so that it is tried; a price that is no number is one that nobody pays.</remarks>
public sealed class CheapestSourceSelector : IExplainingSelector
{
    const double RateBeforeMeasuring = 8 * 1024 * 1024;

    /// <inheritdoc/>
    public int Select(long chunkLength, ReadOnlySpan<SourceQuote> quotes)
    {
        var (best, least) = (0, double.PositiveInfinity);
        for (var i = 0; i < quotes.Length; i++)
        {
            ref readonly var quote = ref quotes[i];
            var cost = quote.Latency.TotalSeconds + ((quote.QueuedBytes + chunkLength) / RateOf(quote)) + (chunkLength * quote.PricePerByte);
            if (cost < least || (cost == least && quote.Kind == SourceKind.Server && quotes[best].Kind != SourceKind.Server))
            {
                (best, least) = (i, cost);
            }
        }

        return best;
    }

    /// <inheritdoc/>
    public ChunkCost CostOf(long chunkLength, in SourceQuote quote)
    {
        var rate = RateOf(quote);
        return new(quote.QueuedBytes / rate, quote.Latency.TotalSeconds, chunkLength / rate, chunkLength * quote.PricePerByte);
    }

    static double RateOf(in SourceQuote quote) => quote.BytesPerSecond > 0 ? quote.BytesPerSecond : RateBeforeMeasuring;
}
