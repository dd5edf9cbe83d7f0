namespace Sharing.Messaging;

/// <summary>How well a thing suits somebody: the cosine between what he is interested in and what the thing is. No input or output, no chance.</summary>
static class TasteScore
{
    /// <summary>What a thing is: its kind, its tags, and each tag with the kind, so that jazz music is something else than books on jazz.</summary>
    public static IEnumerable<string> FeaturesOf(string kind, IReadOnlyList<string> tags)
    {
        var all = tags.Select(static tag => tag.ToLowerInvariant()).Distinct(StringComparer.Ordinal).ToList();
        return [kind.ToLowerInvariant(), .. all, .. all.Select(tag => $"{tag} {kind.ToLowerInvariant()}")];
    }

    /// <returns>How well, from 0 to 1, and the interest that says most for it.</returns>
    public static (double Score, string? Interest) Of(StoredTaste taste, DateTimeOffset now, string kind, IReadOnlyList<string> tags)
    {
        var (sum, norm, features, best, most) = (0.0, 0.0, 0, (string?)null, 0.0);
        foreach (var interest in taste.Interests.Values)
        {
            norm += interest.WeightAt(now) * interest.WeightAt(now);
        }

        foreach (var feature in FeaturesOf(kind, tags))
        {
            features++;
            if (taste.Interests.TryGetValue(feature, out var interest) && interest.WeightAt(now) is var weight)
            {
                sum += weight;
                (best, most) = weight >= most ? (feature, weight) : (best, most); // of equals the last, which says most exactly what it is
            }
        }

        return norm == 0 ? (0, null) : (sum / Math.Sqrt(norm * features), best);
    }
}
