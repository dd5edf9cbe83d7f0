namespace Sharing.Core;

/// <summary>Takes the source with the least cost: waiting for what is queued, latency, transfer time, and price; a server on a tie.</summary>
public sealed class CheapestSourceSelector : IChunkSourceSelector
{
    const double RateBeforeMeasuring = 8 * 1024 * 1024;

    /// <inheritdoc/>
    public int Select(long chunkLength, ReadOnlySpan<SourceQuote> quotes)
    {
        var best = 0;
        for (var i = 1; i < quotes.Length; i++)
        {
            var difference = Cost(chunkLength, quotes[i]) - Cost(chunkLength, quotes[best]);
            if (difference < 0 || (difference == 0 && quotes[i].Kind == SourceKind.Server))
            {
                best = i;
            }
        }

        return best;
    }

    static double Cost(long chunkLength, in SourceQuote quote)
    {
        var rate = quote.BytesPerSecond > 0 ? quote.BytesPerSecond : RateBeforeMeasuring;
        return quote.Latency.TotalSeconds + ((quote.QueuedBytes + chunkLength) / rate) + (chunkLength * quote.PricePerByte);
    }
}
