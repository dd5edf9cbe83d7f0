using System.Globalization;
using System.Runtime.CompilerServices;

namespace Sharing.Messaging;

/// <summary>Chooses those whose interests a thing is like, as learnt from what they asked for, opened and bought. Thread-safe singleton.</summary>
sealed class TasteSelector(TasteBook tastes, TimeProvider time) : IAudienceSelector
{
    /// <summary>How much it must be like them: more than what shares the kind alone is.</summary>
    const double Least = 0.4;

    /// <summary>How much must be known of somebody: twice asked for, or once opened.</summary>
    const double LeastWeight = 1.5;

    public async IAsyncEnumerable<AudienceChoice> ChooseAsync(CatalogItem item, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var now = time.GetUtcNow();
        await foreach (var (person, taste) in tastes.ListAsync(cancellationToken))
        {
            var (score, why) = TasteScore.Of(taste, now, item.Kind, item.Tags);
            if (!taste.IsOff && score >= Least && why is not null && taste.Interests[why].WeightAt(now) >= LeastWeight)
            {
                yield return new(person, string.Create(CultureInfo.InvariantCulture, $"Because you chose {why} {Times(taste.Interests[why].Times)}."));
            }
        }
    }

    static string Times(int times) => times == 1 ? "before" : string.Create(CultureInfo.InvariantCulture, $"{times} times");
}
