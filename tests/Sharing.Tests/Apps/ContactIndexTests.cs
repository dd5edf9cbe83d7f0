using Sharing.Apps;

namespace Sharing.Tests.Apps;

public sealed class ContactIndexTests
{
    /// <summary>2,000 random graphs, each changed some times: the index says after every change what brute force says, incrementally, for one person, for a pair and for all pairs.</summary>
    [Fact]
    [Trait("Row", "A2")]
    public async Task It_equals_brute_force_after_any_sequence_of_changes()
    {
        var random = new Random(11);
        for (var graph = 0; graph < 2000; graph++)
        {
            var (people, contacts, most) = (random.Next(2, 12), random.Next(2, 15), random.Next(3) == 0 ? random.Next(1, 5) : 0);
            var rule = new SharedContactsRule(random.Next(1, 4), random.Next(3) == 0);
            using var index = new ContactIndex(most);
            var books = new Dictionary<int, (HashSet<ulong> Tokens, ulong[] Own)>();
            if (graph % 2 == 0)
            {
                for (var person = 0; person < people; person++)
                {
                    books[person] = Book(person);
                }

                await index.LoadAsync(books.Select(static book => (book.Key, book.Value.Tokens.ToArray(), book.Value.Own)).ToAsyncEnumerable());
                Assert.Equal(Brute(books, rule, most), Pairs(index, rule));
            }

            for (var change = 0; change < 8; change++)
            {
                var person = random.Next(people);
                books[person] = random.Next(5) == 0 ? ([], []) : Book(person);
                index.Replace(person, books[person].Tokens.ToArray(), books[person].Own);
                var expected = Brute(books, rule, most);
                Assert.Equal(expected, Pairs(index, rule));
                Assert.Equal(
                    expected.Where(pair => pair.First == person || pair.Second == person).Select(pair => pair.First == person ? pair.Second : pair.First).Order(),
                    index.FriendsOf(person, rule).Select(static friend => friend.Person));
            }

            Assert.Equal(books.Values.SelectMany(static book => book.Tokens).Distinct().Count(), index.Contacts);

            (HashSet<ulong> Tokens, ulong[] Own) Book(int person) =>
                ([.. Enumerable.Range(0, random.Next(contacts)).Select(_ => 1 + (ulong)random.Next(contacts))], random.Next(2) == 0 ? [1 + (ulong)(person % contacts)] : []);
        }
    }

    [Fact]
    [Trait("Row", "A2")]
    public void What_too_many_hold_makes_no_friends_until_it_is_held_by_fewer()
    {
        using var index = new ContactIndex(mostHolders: 3);
        for (var person = 0; person < 4; person++)
        {
            index.Replace(person, [7, 8, (ulong)(100 + person)], []);
        }

        Assert.False(index.AreFriends(0, 1, new SharedContactsRule()));
        index.Replace(3, [8], []);
        index.Replace(2, [7], []);
        Assert.True(index.AreFriends(0, 1, new SharedContactsRule()));
        Assert.Equal([1], index.FriendsOf(0, new SharedContactsRule()).Select(static friend => friend.Person));
    }

    [Fact]
    [Trait("Row", "A2")]
    public async Task Counters_that_are_never_cleared_count_right_over_many_books()
    {
        using var index = new ContactIndex();
        var random = new Random(3);
        var books = Enumerable.Range(0, 60).Select(_ => Enumerable.Range(0, 400).Select(_ => 1 + (ulong)random.Next(5000)).ToHashSet()).ToArray();
        await index.LoadAsync(books.Select(static (book, person) => (person, book.ToArray(), Array.Empty<ulong>())).ToAsyncEnumerable());
        for (var round = 0; round < 3; round++)
        {
            for (var person = 0; person < books.Length; person++)
            {
                var friends = index.FriendsOf(person, new SharedContactsRule(30)).ToDictionary(static friend => friend.Person, static friend => friend.Overlap.Shared);
                for (var other = 0; other < books.Length; other++)
                {
                    var shared = books[person].Count(books[other].Contains);
                    Assert.Equal(other != person && shared >= 30 ? shared : 0, friends.GetValueOrDefault(other));
                }
            }
        }
    }

    static List<(int First, int Second)> Pairs(ContactIndex index, IFriendRule rule)
    {
        var pairs = new List<(int, int)>();
        index.AllPairs(
            rule,
            (person, friends) =>
            {
                lock (pairs)
                {
                    foreach (var friend in friends)
                    {
                        pairs.Add((friend, person));
                    }
                }
            },
            threads: 0, CancellationToken.None);
        pairs.Sort();
        return pairs;
    }

    static List<(int First, int Second)> Brute(Dictionary<int, (HashSet<ulong> Tokens, ulong[] Own)> books, SharedContactsRule rule, int most)
    {
        var holders = books.Values.SelectMany(static book => book.Tokens).GroupBy(static token => token).ToDictionary(static group => group.Key, static group => group.Count());
        bool Lists(int holder, int person) => books[person].Own.Any(books[holder].Tokens.Contains);
        var pairs =
            from first in books.Keys
            from second in books.Keys
            where first < second
            where books[first].Tokens.Count(token => books[second].Tokens.Contains(token) && (most == 0 || holders[token] <= most)) >= rule.LeastShared
            where !rule.IsMutual || (Lists(first, second) && Lists(second, first))
            select (first, second);
        return [.. pairs.Order()];
    }

    [Fact]
    public void Numbers_are_given_and_taken_as_by_a_dictionary()
    {
        var (random, numbers, known, next) = (new Random(3), new ContactNumbers(), new Dictionary<ulong, int>(), 0);
        for (var step = 0; step < 300_000; step++)
        {
            var token = (ulong)random.Next(20_000) * (step % 2 == 0 ? 1ul : 0x9E3779B97F4A7C15);
            if (random.Next(3) > 0)
            {
                var number = numbers.Add(token);
                Assert.True(!known.TryGetValue(token, out var had) || had == number);
                known[token] = number;
                next = Math.Max(next, number + 1);
            }
            else if (known.Remove(token, out var gone))
            {
                numbers.Forget(gone);
            }

            Assert.Equal(known.GetValueOrDefault(token, -1), numbers.Find(token));
        }

        Assert.Equal((known.Count, next), (numbers.Count, numbers.End));
        Assert.All(known, pair => Assert.Equal(pair.Value, numbers.Find(pair.Key)));
        Assert.Equal(known.Count, known.Values.Distinct().Count());
    }

    [Fact]
    public void A_packed_book_is_what_was_packed()
    {
        var random = new Random(4);
        for (var book = 0; book < 2000; book++)
        {
            int[] numbers = [.. Enumerable.Range(0, random.Next(300)).Select(_ => (int)(random.NextInt64(1L << random.Next(1, 32)) & int.MaxValue)).Distinct().Order()];
            var (packed, read) = (new PackedBook(numbers), new List<int>());
            foreach (var number in packed)
            {
                read.Add(number);
            }

            Assert.Equal(numbers, read);
            Assert.Equal(numbers.Length, packed.Count);
            Assert.All(numbers, number => Assert.True(packed.Contains(number)));
            Assert.False(packed.Contains(numbers.LastOrDefault() / 2 is var half && numbers.Contains(half) ? -1 : half));
        }
    }
}
