using Sharing.Messaging;

namespace Sharing.Tests.Messages;

/// <summary>How good the choice is, against recommending to everybody what most chose.</summary>
public sealed class TasteTests
{
    static readonly string[] s_kinds = ["music", "video", "book", "game"];

    /// <summary>What somebody chose often says more of him than what he chose once, and what is long ago less.</summary>
    [Fact]
    [Trait("Row", "M2")]
    public void What_was_chosen_often_counts_for_more_and_what_was_long_ago_for_less()
    {
        var now = DateTimeOffset.UnixEpoch.AddDays(400);
        var taste = StoredTaste.None with
        {
            Interests = new Dictionary<string, StoredInterest>(StringComparer.Ordinal)
            {
                ["jazz"] = new StoredInterest(0, 0, now).More(5, now), ["blues"] = new StoredInterest(0, 0, now).More(1, now), ["opera"] = new StoredInterest(0, 0, now.AddDays(-300)).More(5, now.AddDays(-300)),
            },
        };
        double Of(string tag) => TasteScore.Of(taste, now, "music", [tag]).Score;
        Assert.True(Of("jazz") > 4 * Of("blues"), $"{Of("jazz")} against {Of("blues")}");
        Assert.True(Of("blues") > Of("opera"), $"{Of("blues")} against {Of("opera")}");
        Assert.Equal(0, Of("folk"));
    }

    /// <summary>Users with a taste of their own: three tags and a kind or two, chosen by chance, from which they choose nine times of ten.</summary>
    [Theory]
    [Trait("Row", "M2")]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Of_ten_things_that_are_chosen_for_somebody_at_least_twice_as_many_suit_him_as_of_the_ten_most_popular(int seed)
    {
        var random = new Random(seed);
        var tags = Enumerable.Range(0, 30).Select(static i => $"tag{i}").ToArray();
        var items = Enumerable.Range(0, 1000).Select(_ => (Kind: s_kinds[random.Next(4)], Tags: (string[])[tags[Skewed(30)], tags[Skewed(30)]])).ToArray();
        var now = DateTimeOffset.UnixEpoch;
        var (chosen, users) = (new int[items.Length], new List<(StoredTaste Taste, HashSet<int> Suiting, HashSet<int> Known)>());
        for (var u = 0; u < 300; u++)
        {
            var (likes, kinds) = (Enumerable.Range(0, 3).Select(_ => tags[Skewed(30)]).ToHashSet(), Enumerable.Range(0, 2).Select(_ => s_kinds[random.Next(4)]).ToHashSet());
            var suiting = Enumerable.Range(0, items.Length).Where(i => kinds.Contains(items[i].Kind) && items[i].Tags.Any(likes.Contains)).ToHashSet();
            var interests = new Dictionary<string, StoredInterest>(StringComparer.Ordinal);
            var known = new HashSet<int>();
            for (var i = 0; i < 15 && suiting.Count > 0; i++)
            {
                var item = random.Next(10) == 0 ? random.Next(items.Length) : suiting.ElementAt(random.Next(suiting.Count));
                known.Add(item);
                chosen[item]++;
                foreach (var feature in TasteScore.FeaturesOf(items[item].Kind, items[item].Tags))
                {
                    interests[feature] = (interests.GetValueOrDefault(feature) ?? new(0, 0, now)).More(1, now);
                }
            }

            users.Add((StoredTaste.None with { Interests = interests }, suiting, known));
        }

        var popular = Enumerable.Range(0, items.Length).OrderByDescending(i => chosen[i]).ToArray();
        var (ours, theirs) = (0, 0);
        foreach (var (taste, suiting, known) in users)
        {
            ours += Enumerable.Range(0, items.Length).Where(i => !known.Contains(i)).OrderByDescending(i => TasteScore.Of(taste, now, items[i].Kind, items[i].Tags).Score).Take(10).Count(suiting.Contains);
            theirs += popular.Where(i => !known.Contains(i)).Take(10).Count(suiting.Contains);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"precision@10: {ours / 3000.0:0.00} by taste, {theirs / 3000.0:0.00} by popularity");
        Assert.True(ours >= 2 * theirs, $"{ours} against {theirs}");

        int Skewed(int count) => Math.Min(random.Next(count), random.Next(count)); // some tags are more common than others
    }
}
