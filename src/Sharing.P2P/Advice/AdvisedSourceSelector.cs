using System.Collections.Frozen;

namespace Sharing.P2P;

/// <summary>Puts the newest advice of the server into the prices, and leaves the choice to another selector. Thread-safe.</summary>
/// <remarks>Bad advice does no harm: a price that is no number is not taken; the server's stays between half and four times what its source says; a terminal costs at most a quarter of what the owner set for the server.
/// So advice turns a choice between sources that are about as good, but makes no terminal dearer than the server, and sends nobody a queue: what is measured, and what is queued, decides before long.
/// Where the owner set no price for the server, advice has no say.</remarks>
/// <param name="inner">Chooses.</param>
/// <param name="serverPrice">What a byte from the server costs, as the owner set it (<see cref="P2POptions.ServerPricePerByte"/>): the measure of what terminals may cost.</param>
/// <param name="time">Tells when advice is old.</param>
public sealed class AdvisedSourceSelector(IChunkSourceSelector inner, double serverPrice, TimeProvider time) : IExplainingSelector
{
    const int MostMembers = 1000;
    static readonly TimeSpan LongestLife = TimeSpan.FromMinutes(10);

    [ThreadStatic]
    static SourceQuote[]? t_quotes;

    readonly double _most = double.IsFinite(serverPrice) && serverPrice > 0 ? serverPrice : 0;
    volatile Prices? _prices;

    /// <summary>Takes new advice in place of the old.</summary>
    /// <param name="advice">The advice.</param>
    /// <param name="names">The names of sources, as in their quotes, by device.</param>
    public void Take(SwarmAdvice advice, IReadOnlyDictionary<string, string> names)
    {
        var others = Bounded(advice.PeerPricePerByte ?? 0, 0, _most / 4, 0);
        var known = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var member in advice.Members.Take(MostMembers))
        {
            if (member?.Device is { } device && names.TryGetValue(device, out var name))
            {
                var price = (member.IsNear ? 0 : others) + (Bounded(member.Load, 0, 1, 0) * _most / 8) + (member.IsMetered ? _most / 8 : 0);
                known[name] = Math.Min(price, _most / 4);
            }
        }

        var life = advice.ValidFor < LongestLife ? advice.ValidFor : LongestLife;
        _prices = new(advice.ServerPricePerByte ?? double.NaN, others, known.ToFrozenDictionary(StringComparer.Ordinal), time.GetTimestamp(), life);
    }

    /// <inheritdoc/>
    public int Select(long chunkLength, ReadOnlySpan<SourceQuote> quotes)
    {
        if (Newest() is not { } prices || quotes.Length < 2)
        {
            return inner.Select(chunkLength, quotes);
        }

        var own = t_quotes is { } room && room.Length >= quotes.Length ? room : t_quotes = new SourceQuote[Math.Max(16, 2 * quotes.Length)];
        for (var i = 0; i < quotes.Length; i++)
        {
            own[i] = quotes[i] with { PricePerByte = prices.Of(quotes[i]) };
        }

        return inner.Select(chunkLength, own.AsSpan(0, quotes.Length));
    }

    /// <inheritdoc/>
    /// <remarks>Where the other selector does not say what it compares, only the price is told.</remarks>
    public ChunkCost CostOf(long chunkLength, in SourceQuote quote)
    {
        var own = Newest() is { } prices ? quote with { PricePerByte = prices.Of(quote) } : quote;
        return inner is IExplainingSelector explaining ? explaining.CostOf(chunkLength, own) : new(0, 0, 0, chunkLength * own.PricePerByte);
    }

    Prices? Newest() => _prices is { } prices && time.GetElapsedTime(prices.Since) < prices.Life ? prices : null;

    static double Bounded(double value, double least, double most, double ifNone) => value >= 0 && least >= 0 && most < double.PositiveInfinity ? Math.Clamp(value, least, most) : ifNone;

    sealed record Prices(double Server, double Others, FrozenDictionary<string, double> Known, long Since, TimeSpan Life)
    {
        public double Of(in SourceQuote quote) => quote.Kind switch
        {
            SourceKind.Server => Bounded(Server, quote.PricePerByte / 2, quote.PricePerByte * 4, quote.PricePerByte),
            SourceKind.Peer => quote.PricePerByte + (Known.TryGetValue(quote.Name, out var known) ? known : Others),
            _ => quote.PricePerByte,
        };
    }
}
