using Sharing.Core;
using Sharing.Offline;
using Sharing.Testing;

namespace Sharing.Tests.Network;

public sealed class FeedTests
{
    static readonly PersonId s_reader = PersonId.Parse("reader");

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(50)]
    [Trait("Row", "R4")]
    public async Task Pages_have_everybodys_posts_once_and_in_order_however_unlike_they_post(int count)
    {
        var (network, graph, _) = Make(6);
        List<string> all = [];
        var (random, clock) = (new Random(count), graph.Clock);
        for (var number = 0; number < 120; number++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            var author = Friend(random.Next(6) * random.Next(6) / 5); // the first ones post much more than the last
            all.Insert(0, (await network.PutAsync(author, Post(author, number), Cancel)).Id);
        }

        List<string> read = [];
        string? cursor = null;
        do
        {
            var page = await network.FeedAsync(s_reader, cursor, count, Cancel);
            read.AddRange(page.Posts.Select(static post => post.Id));
            cursor = page.Next;
        }
        while (cursor is not null);
        Assert.Equal(all, read);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(400)]
    [Trait("Row", "R4")]
    public async Task A_page_asks_the_graph_once_and_the_records_a_few_times_however_many_friends_there_are(int friends)
    {
        var (network, graph, records) = Make(friends);
        for (var number = 0; number < 10; number++)
        {
            graph.Clock.Advance(TimeSpan.FromSeconds(1));
            await network.PutAsync(Friend(number % friends), Post(Friend(number % friends), number), Cancel);
        }

        await network.FeedAsync(s_reader, null, 4, Cancel);
        (graph.Questions, records.Questions) = (0, 0);
        var page = await network.FeedAsync(s_reader, null, 4, Cancel);
        Assert.Equal((4, 1), (page.Posts.Count, graph.Questions));
        Assert.InRange(records.Questions, 1, 8);
    }

    static PersonId Friend(int number) => PersonId.Parse($"friend-{number}");

    static Post Post(PersonId author, int number) => new()
    {
        Key = $"p{number}", Author = author, Text = "", Link = new("https://share.example/d/1"), Resource = new() { Address = new("https://films.example/1"), Name = "film" }, Audience = Audience.Friends,
    };

    static (RecordSocialNetwork Network, Graph Graph, Counted Records) Make(int friends)
    {
        var (records, graph) = (new Counted(), new Graph(friends));
        return (new(records, graph, new AudienceGate(graph), new PeopleStore(records), graph.Clock), graph, records);
    }

    sealed class Graph(int friends) : IRelationshipGraph
    {
        readonly Dictionary<PersonId, RelationshipKinds> _all = Enumerable.Range(0, friends).ToDictionary(Friend, static _ => RelationshipKinds.Friend);

        public FakeTimeProvider Clock { get; } = new();

        public int Questions { get; set; }

        public ValueTask<IReadOnlyDictionary<PersonId, RelationshipKinds>> BetweenAsync(PersonId person, IReadOnlyCollection<PersonId> others, CancellationToken cancellationToken = default)
        {
            Questions++;
            return new(_all.Where(one => others.Contains(one.Key)).ToDictionary());
        }

        public ValueTask<IReadOnlyDictionary<PersonId, RelationshipKinds>> RelatedAsync(PersonId person, RelationshipKinds kinds, CancellationToken cancellationToken = default)
        {
            Questions++;
            return new(_all);
        }
    }

    /// <summary>A store where each question is a round trip, and is counted.</summary>
    sealed class Counted : IRecordStore, IRecordHeads
    {
        readonly MemoryRecordStore _inner = new();

        public int Questions { get; set; }

        public ValueTask<Record?> GetAsync(RecordKey key, CancellationToken cancellationToken = default)
        {
            Questions++;
            return _inner.GetAsync(key, cancellationToken);
        }

        public IAsyncEnumerable<Record> ScanAsync(RecordRange range, CancellationToken cancellationToken = default)
        {
            Questions++;
            return _inner.ScanAsync(range, cancellationToken);
        }

        public ValueTask<IReadOnlyList<IReadOnlyList<Record>>> HeadsAsync(IReadOnlyList<RecordRange> ranges, int most, CancellationToken cancellationToken = default)
        {
            Questions++;
            return RecordExtensions.HeadsAsync(_inner, ranges, most, cancellationToken);
        }

        public ValueTask<CommitOutcome> CommitAsync(RecordBatch batch, CancellationToken cancellationToken = default) => _inner.CommitAsync(batch, cancellationToken);
    }
}
