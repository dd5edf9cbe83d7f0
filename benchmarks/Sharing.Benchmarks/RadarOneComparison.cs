using System.Diagnostics;
using Sharing.Apps;

namespace Sharing.Benchmarks;

/// <summary>One person's book changes: how soon it is known who his friends are.</summary>
sealed class RadarOneComparison : Comparison, IDisposable
{
    const int MostHolders = 1000, Changed = 10;
    const double Allowed = 5e-3;

    readonly ContactIndex _index = new(MostHolders);
    readonly Random _random = new(1);
    int[][] _books = [];
    int[][] _holders = [];
    int _changes;

    public override string Name => "radar-one";

    public override string About =>
        $"one of {_books.Length:N0} people with 200 contacts each changes {Changed} of them, and asks who shares at least 2 with him; {_changes:N0} times, against 5 ms for the slowest of a hundred";

    public override double Target => 1;

    public override IReadOnlyList<(string Name, Func<Task<Cost>> Run)> Sides =>
        [("Sharing", () => Task.FromResult(Run(_changes, Change))), ("intersecting with each candidate", () => Task.FromResult(Run(Math.Max(20, _changes / 100), Intersect)))];

    public override IReadOnlyList<string> Notes => ["candidates: whoever holds one of his contacts, found in lists of holders; then two sorted books are merged"];

    public override IEnumerable<(string Name, double Value)> Ratios(IReadOnlyDictionary<string, Cost> round) =>
    [
        ("5 ms ÷ the slowest of a hundred", Allowed / round["Sharing"].More["p99"]),
        ("ms, the slowest of a hundred", round["Sharing"].More["p99"] * 1e3),
        ("ms, mean", round["Sharing"].Seconds * 1e3),
        ("intersecting ÷ Sharing, mean", round["intersecting with each candidate"].Seconds / round["Sharing"].Seconds),
    ];

    public override async Task PrepareAsync(string folder, bool quick)
    {
        (var people, _changes) = quick ? (20_000, 1000) : (1_000_000, 10_000);
        var path = Path.Combine(folder, "books");
        RadarBookFile.Write(path, people);
        await _index.LoadAsync(RadarBookFile.Read(path).ToAsyncEnumerable());
        _books = [.. RadarBookFile.Contacts(path)];
        var sizes = new int[_books.Max(static book => book[^1]) + 1];
        foreach (var contact in _books.SelectMany(static book => book))
        {
            sizes[contact]++;
        }

        _holders = Array.ConvertAll(sizes, static size => new int[size]);
        Array.Clear(sizes);
        foreach (var (person, book) in _books.Index())
        {
            foreach (var contact in book)
            {
                _holders[contact][sizes[contact]++] = person;
            }
        }
    }

    public void Dispose() => _index.Dispose();

    Cost Run(int times, Func<int, int> work)
    {
        var took = new double[times];
        var found = 0L;
        for (var i = 0; i < times; i++)
        {
            var person = _random.Next(_books.Length);
            var started = Stopwatch.GetTimestamp();
            found += work(person);
            took[i] = Stopwatch.GetElapsedTime(started).TotalSeconds;
        }

        Array.Sort(took);
        return new(took.Average(), took.Average(), found / (double)times) { More = new Dictionary<string, double>(StringComparer.Ordinal) { ["p99"] = took[(int)(0.99 * times)] } };
    }

    int Change(int person)
    {
        var (tokens, other) = (Array.ConvertAll(_books[person], RadarBookFile.TokenOf), _books[_random.Next(_books.Length)]);
        for (var i = 0; i < Changed && i < tokens.Length; i++)
        {
            tokens[_random.Next(tokens.Length)] = RadarBookFile.TokenOf(other[_random.Next(other.Length)]);
        }

        _index.Replace(person, tokens.Distinct().ToArray(), []);
        return _index.FriendsOf(person, new SharedContactsRule()).Count;
    }

    int Intersect(int person)
    {
        var candidates = new HashSet<int>();
        foreach (var contact in _books[person])
        {
            if (_holders[contact].Length <= MostHolders)
            {
                candidates.UnionWith(_holders[contact]);
            }
        }

        candidates.Remove(person);
        return candidates.Count(candidate => Shared(_books[person], _books[candidate]) >= 2);
    }

    int Shared(int[] a, int[] b)
    {
        var shared = 0;
        for (int i = 0, j = 0; i < a.Length && j < b.Length;)
        {
            var (x, y) = (a[i], b[j]);
            shared += x == y && _holders[x].Length <= MostHolders ? 1 : 0;
            i += x <= y ? 1 : 0;
            j += y <= x ? 1 : 0;
        }

        return shared;
    }
}
