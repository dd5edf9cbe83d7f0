namespace Sharing.Core;

/// <summary>Who was asked for each chunk the last time, and why; and who brought it. Guarded by the transfer's gate.</summary>
/// <remarks>Room for all chunks is taken once: 96 bytes each, 1.5 MiB for the most chunks that there can be. Writing allocates nothing; it costs one pass over the sources for a
/// read that begins, not for a choice that is tried.</remarks>
sealed class ChunkHistory(IChunkSourceSelector selector)
{
    /// <summary>The source that was asked, and the cheapest others.</summary>
    const int Compared = 4;

    readonly IExplainingSelector? _explaining = selector as IExplainingSelector;
    Choice[] _choices = [];
    Offer[] _offers = [];

    /// <summary>From now on there are so many chunks. What is known of as many before stays: the bytes may have stayed, too.</summary>
    public void Begin(int count)
    {
        if (_choices.Length != count)
        {
            (_choices, _offers) = (new Choice[count], new Offer[count * Compared]);
        }
    }

    /// <summary>A source is about to be asked for chunks that follow each other.</summary>
    public void Asked(ChunkPlan plan, SourceSlot source, int first, int end, ChoiceKind why, SourceSlot? late, double now)
    {
        end = Math.Min(end, _choices.Length);
        if (first >= end)
        {
            return;
        }

        var offers = OffersOf(first);
        var (others, cheaper) = (0, false);
        offers[0] = OfferOf(plan, source, now);
        for (var i = 0; i < plan.Sources.Count; i++)
        {
            var other = plan.Sources[i];
            if (other != source && other.CanServe && other.Holds(first))
            {
                var offer = OfferOf(plan, (SourceSlot)other, now);
                cheaper |= offer.Total < offers[0].Total;
                Insert(offers, ++others, offer);
            }
        }

        why = why == ChoiceKind.Cheapest && cheaper ? ChoiceKind.RatherThanWait : why;
        _choices[first] = new Choice(_choices[first].BroughtBy, source.Number, why, (ushort)Math.Min(others, ushort.MaxValue), late?.Number ?? 0, (float)now);
        for (var chunk = first + 1; chunk < end; chunk++)
        {
            offers.CopyTo(OffersOf(chunk));
            _choices[chunk] = _choices[first] with { BroughtBy = _choices[chunk].BroughtBy, Why = ChoiceKind.FollowsOn };
        }
    }

    /// <summary>A source brought some of a chunk.</summary>
    public void Brought(SourceSlot source, int chunk)
    {
        if (chunk < _choices.Length)
        {
            _choices[chunk].BroughtBy = source.Number;
        }
    }

    /// <summary>The source that brought a chunk, or the newest part of it, by its place in the list; -1: none did.</summary>
    public short BroughtBy(int chunk) => chunk < _choices.Length ? (short)(_choices[chunk].BroughtBy - 1) : (short)-1;

    /// <summary>Why the last source was asked for a chunk; <c>null</c>: none was.</summary>
    public ChunkChoice? Of(int chunk, List<SourceSlot> sources)
    {
        if ((uint)chunk >= (uint)_choices.Length || _choices[chunk] is not { Source: > 0 } choice)
        {
            return null;
        }

        var compared = new ChunkOffer[Math.Min(choice.Others + 1, Compared)];
        for (var i = 0; i < compared.Length; i++)
        {
            var offer = OffersOf(chunk)[i];
            var traits = sources[offer.Source - 1].Traits;
            compared[i] = new(traits.Name, traits.Kind, _explaining is null || !float.IsFinite(offer.Total) ? null : new ChunkCost(offer.Waiting, offer.Latency, offer.Transfer, offer.Price));
        }

        return new ChunkChoice
        {
            Chunk = chunk, Why = choice.Why, At = choice.At, Compared = compared, Others = choice.Others, LateSource = choice.Late > 0 ? sources[choice.Late - 1].Traits.Name : null,
        };
    }

    Offer OfferOf(ChunkPlan plan, SourceSlot source, double now)
    {
        var cost = _explaining?.CostOf(plan.ChunkSize, source.Quote(now)) ?? default;
        return new(source.Number, (float)cost.Waiting, (float)cost.Latency, (float)cost.Transfer, (float)cost.Price);
    }

    /// <summary>Keeps the cheapest, in order, behind the first.</summary>
    static void Insert(Span<Offer> offers, int others, in Offer offer)
    {
        var place = Math.Min(others, Compared);
        for (; place > 1 && offer.Total < offers[place - 1].Total; place--)
        {
            if (place < Compared)
            {
                offers[place] = offers[place - 1];
            }
        }

        if (place < Compared)
        {
            offers[place] = offer;
        }
    }

    Span<Offer> OffersOf(int chunk) => _offers.AsSpan(chunk * Compared, Compared);

    /// <summary>Sources are counted from 1 here: 0 is none.</summary>
    record struct Choice(short BroughtBy, short Source, ChoiceKind Why, ushort Others, short Late, float At);

    readonly record struct Offer(short Source, float Waiting, float Latency, float Transfer, float Price)
    {
        public float Total => Waiting + Latency + Transfer + Price;
    }
}
