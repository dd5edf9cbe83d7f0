using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using NpgsqlTypes;
using Sharing.Core;
using Sharing.Deployment;
using Sharing.Offline;
using Sharing.PostgreSql;

namespace Sharing.Benchmarks;

/// <summary>Pages of feeds of people with many friends, whose friends are known to another system, against a statement that somebody has written for the purpose.</summary>
sealed class FeedComparison : Comparison
{
    const int Friends = 300, PostsEach = 10, Count = 20;

    readonly CountedGraph _graph = new();
    PostgresServer _postgres = null!;
    ServiceProvider _services = null!;
    NpgsqlDataSource _hand = null!;
    int _people, _pages;
    long _most, _least = long.MaxValue;

    public override string Name => "feed";

    public override string About => string.Create(CultureInfo.InvariantCulture, $"{_people:N0} people with {Friends} friends each, all of whom follow one; {PostsEach} posts of each; PostgreSQL 15. {_pages:N0} pages of {Count} posts, each of another person, every second one a second page; whose friend somebody is ")
        + "is known to another system, which is asked. By hand: one statement with an index for it, a second one for the names, the posts read into objects. seconds: the page that 99 of 100 are no slower than";

    public override double Target => 1;

    public override IReadOnlyList<(string Name, Func<Task<Cost>> Run)> Sides => [("Sharing", SharingAsync), ("by hand", HandAsync)];

    public override IReadOnlyList<string> Notes => [$"questions to the other system for a page: {_least} to {_most}"];

    public override IEnumerable<(string Name, double Value)> Ratios(IReadOnlyDictionary<string, Cost> round)
    {
        yield return ("99 %: by hand × 2 ÷ Sharing", 2 * round["by hand"].Seconds / round["Sharing"].Seconds);
        yield return ("half: by hand × 2 ÷ Sharing", 2 * round["by hand"].More["median"] / round["Sharing"].More["median"]);
        foreach (var (side, cost) in round)
        {
            yield return ($"99 %, {side}, in ms", 1000 * cost.Seconds);
            yield return ($"half, {side}, in ms", 1000 * cost.More["median"]);
        }
    }

    public override async Task PrepareAsync(string folder, bool quick)
    {
        (_people, _pages) = quick ? (3_000, 200) : (50_000, 1000);
        _graph.People = _people;
        _postgres = await PostgresServer.StartAsync();
        var database = await _postgres.CreateDatabaseAsync();
        _services = new ServiceCollection().AddLogging().AddSingleton(_graph).AddSingleton<IRelationshipGraph>(_graph)
            .AddSharing(sharing => sharing.UsePostgreSql(database).UseRelationships<CountedGraph>().AddSocialNetwork().WithBackgroundWork(false)).BuildServiceProvider();
        _hand = NpgsqlDataSource.Create(await _postgres.CreateDatabaseAsync() + ";Max Auto Prepare=20");
        await FillAsync();
    }

    public override async ValueTask EndAsync()
    {
        await _services.DisposeAsync();
        await _hand.DisposeAsync();
        await _postgres.DisposeAsync();
    }

    static PersonId Person(int number) => PersonId.Parse(string.Create(CultureInfo.InvariantCulture, $"person-{number:d5}"));

    Task<Cost> SharingAsync()
    {
        var network = _services.GetRequiredService<ISocialNetwork>();
        return MeasureAsync(async reader =>
        {
            var first = await network.FeedAsync(reader, null, Count);
            return (first.Posts.Count, first.Next);
        }, async (reader, cursor) =>
        {
            var before = _graph.Questions;
            var page = await network.FeedAsync(reader, cursor, Count);
            (_most, _least) = (Math.Max(_most, _graph.Questions - before), Math.Min(_least, _graph.Questions - before));
            return page.Posts.Count(static post => post.AuthorName is not null);
        });
    }

    async Task<Cost> HandAsync()
    {
        await using var connection = await _hand.OpenConnectionAsync();
        return await MeasureAsync(async reader =>
        {
            var posts = await PageAsync(reader, null);
            return (posts.Count, $"{posts[^1].At} {posts[^1].Id}");
        }, async (reader, cursor) => (await PageAsync(reader, cursor)).Count(static post => post.Name is not null));

        async Task<List<(long At, string Id, NetworkPost Post, string? Name)>> PageAsync(PersonId reader, string? cursor)
        {
            var authors = (await _graph.RelatedAsync(reader, RelationshipKinds.Friend | RelationshipKinds.Follows)).Keys.Append(reader).Select(static author => author.Value).ToArray();
            await using var command = connection.CreateCommand();
            command.CommandText = """
                SELECT post.at, post.id, post.json FROM unnest($1) AS author(id)
                CROSS JOIN LATERAL (SELECT at, id, json FROM posts WHERE author = author.id AND (at, id) < ($2, $3) ORDER BY at DESC, id DESC LIMIT $4) AS post
                ORDER BY post.at DESC, post.id DESC LIMIT $4
                """;
            var parts = cursor?.Split(' ');
            command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = authors });
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = parts is null ? long.MaxValue : long.Parse(parts[0], CultureInfo.InvariantCulture) });
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = parts?[1] ?? "" });
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = Count });
            List<(long At, string Id, NetworkPost Post, string? Name)> posts = [];
            await using (var rows = await command.ExecuteReaderAsync())
            {
                while (await rows.ReadAsync())
                {
                    posts.Add((rows.GetInt64(0), rows.GetString(1), JsonSerializer.Deserialize(rows.GetFieldValue<byte[]>(2), WireJson.Default.NetworkPost)!, null));
                }
            }

            await using var names = connection.CreateCommand();
            names.CommandText = "SELECT id, name FROM people WHERE id = ANY($1)";
            names.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. posts.Select(static post => post.Post.Author.Value).Distinct()] });
            var named = new Dictionary<string, string>(StringComparer.Ordinal);
            await using var found = await names.ExecuteReaderAsync();
            while (await found.ReadAsync())
            {
                named[found.GetString(0)] = found.GetString(1);
            }

            return [.. posts.Select(post => post with { Name = named.GetValueOrDefault(post.Post.Author.Value) })];
        }
    }

    async Task<Cost> MeasureAsync(Func<PersonId, Task<(int Posts, string? Cursor)>> first, Func<PersonId, string?, Task<int>> page)
    {
        var random = new Random(1);
        var took = new double[_pages];
        for (var i = 0; i < _pages; i++)
        {
            var reader = Person(random.Next(_people));
            var cursor = i % 2 == 0 ? null : (await first(reader)).Cursor;
            var started = Stopwatch.GetTimestamp();
            var posts = await page(reader, cursor);
            took[i] = Stopwatch.GetElapsedTime(started).TotalSeconds;
            if (posts != Count)
            {
                throw new InvalidOperationException($"{posts} posts instead of {Count}.");
            }
        }

        Array.Sort(took);
        return new(took[_pages * 99 / 100], 0) { More = new Dictionary<string, double>(StringComparer.Ordinal) { ["median"] = took[_pages / 2] } };
    }

    /// <summary>One post is published; the others are written as that one was.</summary>
    async Task FillAsync()
    {
        var (network, records) = (_services.GetRequiredService<ISocialNetwork>(), _services.GetRequiredService<IRecordStore>());
        var sample = new Post
        {
            Key = "sample", Author = Person(0), Revision = 1, Text = "Here is something that you should see", Link = new("https://share.example.org/d/0123456789abcdef0123456789abcdef"), Audience = Audience.Everyone,
            Resource = new() { Address = new("https://films.example.org/summer/2026/film.mkv"), Name = "film.mkv", Length = 734_003_200, MediaType = "video/x-matroska" },
        };
        var shown = await network.PutAsync(sample.Author, sample);
        var stored = await records.ScanAsync(RecordRange.Under("network-post")).SingleAsync();
        var (template, wire) = (Encoding.UTF8.GetString(stored.Json.Span), JsonSerializer.Serialize(shown, WireJson.Default.NetworkPost));
        await records.CommitAsync(await records.ScanAsync(RecordRange.All).AggregateAsync(new RecordBatch(), static (batch, record) => batch.Delete(record.Key, record.Version)));

        await using var connection = await _hand.OpenConnectionAsync();
        await ExecuteAsync(connection, "CREATE TABLE people (id text COLLATE \"C\" PRIMARY KEY, name text NOT NULL); CREATE TABLE posts (author text COLLATE \"C\" NOT NULL, at bigint NOT NULL, id text COLLATE \"C\" NOT NULL, json bytea NOT NULL)");
        await using (var people = await connection.BeginBinaryImportAsync("COPY people FROM STDIN (FORMAT binary)"))
        {
            for (var number = 0; number < _people; number++)
            {
                await people.WriteRowAsync(CancellationToken.None, Person(number).Value, $"Person {number}");
            }

            await people.CompleteAsync();
        }

        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        await using (var posts = await connection.BeginBinaryImportAsync("COPY posts FROM STDIN (FORMAT binary)"))
        {
            foreach (var (author, at, id) in All())
            {
                await posts.StartRowAsync();
                await posts.WriteAsync(author, NpgsqlDbType.Text);
                await posts.WriteAsync(at, NpgsqlDbType.Bigint);
                await posts.WriteAsync(id, NpgsqlDbType.Text);
                await posts.WriteAsync(Encoding.UTF8.GetBytes(Filled(wire, author, id)), NpgsqlDbType.Bytea);
            }

            await posts.CompleteAsync();
        }

        await ExecuteAsync(connection, "CREATE INDEX ON posts (author, at DESC, id DESC); ANALYZE");
        await Parallel.ForEachAsync(All().Chunk(200), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (some, cancellationToken) =>
        {
            var batch = new RecordBatch();
            foreach (var (author, at, id) in some)
            {
                batch.Put(RecordKey.Of("network-post", id), Encoding.UTF8.GetBytes(Filled(template, author, id)), RecordBatch.Any)
                    .Put(RecordKey.Of("network-by", author, RecordKey.Descending(at), id), "{}"u8.ToArray(), RecordBatch.Any);
            }

            await records.CommitAsync(batch, cancellationToken);
        });
        await Parallel.ForEachAsync(Enumerable.Range(0, _people).Chunk(200), async (some, cancellationToken) => await records.CommitAsync(
            some.Aggregate(new RecordBatch(), static (batch, number) => batch.Put(RecordKey.Of("person", Person(number).Value), Encoding.UTF8.GetBytes($$"""{"id":"{{Person(number)}}","name":"Person {{number}}"}"""), RecordBatch.Any)), cancellationToken));
        await _postgres.ExecuteAsync("ANALYZE", _postgres.ConnectionString("test1"));

        IEnumerable<(string Author, long At, string Id)> All()
        {
            var random = new Random(2);
            for (var number = 0; number < _people; number++)
            {
                for (var post = 0; post < PostsEach; post++)
                {
                    yield return (Person(number).Value, now - random.NextInt64(30L * 24 * 3600 * 1000), string.Create(CultureInfo.InvariantCulture, $"p{number:x8}{post:x24}"));
                }
            }
        }

        static string Filled(string text, string author, string id) => text.Replace("\"sample\"", $"\"{id}\"", StringComparison.Ordinal).Replace(Person(0).Value, author, StringComparison.Ordinal);
    }

    static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Another system that knows friends: those with the nearest numbers; and all follow the first.</summary>
    sealed class CountedGraph : IRelationshipGraph
    {
        long _questions;

        public int People { get; set; }

        public long Questions => Interlocked.Read(ref _questions);

        public ValueTask<IReadOnlyDictionary<PersonId, RelationshipKinds>> BetweenAsync(PersonId person, IReadOnlyCollection<PersonId> others, CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref _questions);
            var all = Of(person);
            return new(others.Where(all.ContainsKey).ToDictionary(static other => other, other => all[other]));
        }

        public ValueTask<IReadOnlyDictionary<PersonId, RelationshipKinds>> RelatedAsync(PersonId person, RelationshipKinds kinds, CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref _questions);
            return new(Of(person));
        }

        public ValueTask<IReadOnlySet<GroupName>> GroupsAsync(PersonId member, IReadOnlyCollection<GroupName> groups, CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref _questions);
            return new(new HashSet<GroupName>());
        }

        Dictionary<PersonId, RelationshipKinds> Of(PersonId person)
        {
            var own = int.Parse(person.Value.AsSpan(person.Value.IndexOf('-', StringComparison.Ordinal) + 1), CultureInfo.InvariantCulture);
            var all = new Dictionary<PersonId, RelationshipKinds>();
            for (var step = 1; step <= Friends / 2; step++)
            {
                all[Person((own + step) % People)] = RelationshipKinds.Friend;
                all[Person((own - step + People) % People)] = RelationshipKinds.Friend;
            }

            if (own != 0)
            {
                all[Person(0)] = all.GetValueOrDefault(Person(0)) | RelationshipKinds.Follows;
            }

            return all;
        }
    }
}
