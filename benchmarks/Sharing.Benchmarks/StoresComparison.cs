using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Data.Sqlite;
using Npgsql;
using Sharing.Core;
using Sharing.Deployment;
using Sharing.PostgreSql;
using Sharing.Sqlite;

namespace Sharing.Benchmarks;

/// <summary>Records against tables that somebody has made for the purpose, with statements prepared.</summary>
sealed partial class StoresComparison : Comparison
{
    const int PageLength = 50;

    static readonly string[] s_kinds = ["add", "change", "page", "get"];

    readonly List<(string Name, Func<Task<Cost>> Run)> _sides = [];
    readonly List<IAsyncDisposable> _ends = [];
    int _times;

    public override string Name => "stores";

    public override string About => $"{_times} times each, one after the other: add (a photo, a reference to its content, and the room that its owner has left: three records, or three statements in one transaction), change (one row, if nobody else has changed it), page ({PageLength} rows in order, read into objects), get; "
        + "on SQLite (WAL, synchronous=FULL) and PostgreSQL 15 (defaults, by its socket)";

    public override double Target => 1;

    public override int Judged => 6;

    public override IReadOnlyList<(string Name, Func<Task<Cost>> Run)> Sides => _sides;

    public override IEnumerable<(string Name, double Value)> Ratios(IReadOnlyDictionary<string, Cost> round)
    {
        double Of(string store, string kind) => round[$"{store}, {kind}, by hand"].Seconds / round[$"{store}, {kind}, Sharing"].Seconds;
        foreach (var kind in s_kinds)
        {
            foreach (var store in (string[])["SQLite", "PostgreSQL"])
            {
                yield return kind switch
                {
                    "page" => ($"{store}, {kind}: by hand × 2.5 ÷ Sharing", 2.5 * Of(store, kind)),
                    "get" => ($"{store}, {kind}: by hand ÷ Sharing", Of(store, kind)),
                    _ => ($"{store}, {kind}: by hand × 1.25 ÷ Sharing", 1.25 * Of(store, kind)),
                };
            }
        }
    }

    public override async Task PrepareAsync(string folder, bool quick)
    {
        _times = quick ? 200 : 2000;
        SQLitePCL.Batteries_V2.Init();
        var sqlite = new SqliteRecordStore(new() { Path = Path.Combine(folder, "sharing.db") });
        _ends.Add(sqlite);
        await AddAsync("SQLite", new RecordWork(sqlite));
        var file = new SqliteConnection($"Data Source={Path.Combine(folder, "hand.db")}");
        await file.OpenAsync();
        await ExecuteAsync(file, "PRAGMA journal_mode=WAL");
        await ExecuteAsync(file, "PRAGMA synchronous=FULL");
        _ends.Add(file);
        await AddAsync("SQLite", await HandWork.OpenAsync(file, "BLOB"));

        var server = await PostgresServer.StartAsync();
        var postgres = new PostgreSqlRecordStore(new() { ConnectionString = await server.CreateDatabaseAsync() });
        _ends.Add(postgres);
        await AddAsync("PostgreSQL", new RecordWork(postgres));
        var connection = new NpgsqlConnection(await server.CreateDatabaseAsync() + ";Pooling=false;Max Auto Prepare=20");
        await connection.OpenAsync();
        _ends.Add(connection);
        await AddAsync("PostgreSQL", await HandWork.OpenAsync(connection, "bytea"));
        _ends.Add(server);
    }

    public override async ValueTask EndAsync()
    {
        foreach (var end in _ends)
        {
            await end.DisposeAsync();
        }
    }

    async Task AddAsync(string store, IStoreWork work)
    {
        for (var i = 0; i < 3 * PageLength; i++)
        {
            await work.AddAsync();
        }

        await work.SettleAsync();
        foreach (var kind in s_kinds)
        {
            _sides.Add(($"{store}, {kind}, {work.Name}", async () =>
            {
                var started = Stopwatch.GetTimestamp();
                for (var i = 0; i < _times; i++)
                {
                    await (kind switch { "add" => work.AddAsync(), "change" => work.ChangeAsync(), "page" => work.PageAsync(), _ => work.GetAsync() });
                }

                return new(Stopwatch.GetElapsedTime(started).TotalSeconds, 0);
            }));
        }
    }

    static async Task ExecuteAsync(DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    static string Content(long number) => number.ToString("x64", CultureInfo.InvariantCulture);

    /// <summary>The same four things, done somewhere.</summary>
    interface IStoreWork
    {
        string Name { get; }

        /// <summary>Lets the database learn how many there are.</summary>
        Task SettleAsync();

        Task AddAsync();

        Task ChangeAsync();

        Task PageAsync();

        Task GetAsync();
    }

    sealed record Photo(string Owner, string Content, string Name, long Length, DateTimeOffset Taken);

    sealed record Room(long Bytes);

    [JsonSerializable(typeof(Photo))]
    [JsonSerializable(typeof(Room))]
    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    sealed partial class PhotosJson : JsonSerializerContext;

    sealed class RecordWork(IRecordStore records) : IStoreWork
    {
        static readonly RecordRange s_photos = RecordRange.Under("photo", "anna");

        long _count, _room, _changed;

        public string Name => "Sharing";

        public Task SettleAsync() => Task.CompletedTask;

        public async Task AddAsync()
        {
            var photo = new Photo("anna", Content(_count), "Summit.jpg", 3_000_000, DateTimeOffset.UnixEpoch);
            var batch = new RecordBatch()
                .Put(Key(_count), photo, PhotosJson.Default.Photo, RecordBatch.Absent)
                .Put(RecordKey.Of("reference", photo.Content, "anna"), "{}"u8.ToArray(), RecordBatch.Absent)
                .Put(RecordKey.Of("space", "anna"), new Room(_count * photo.Length), PhotosJson.Default.Room, _room);
            _room = Version(await records.CommitAsync(batch));
            _changed = _count++ == 0 ? _room : _changed;
        }

        public async Task ChangeAsync() => _changed = Version(await records.CommitAsync(new RecordBatch().Put(
            Key(0), new Photo("anna", Content(0), "Hut.jpg", 3_000_000, DateTimeOffset.UnixEpoch), PhotosJson.Default.Photo, _changed)));

        public async Task PageAsync()
        {
            var page = new List<Photo>(PageLength);
            await foreach (var record in records.ScanAsync(s_photos, PhotosJson.Default.Photo))
            {
                page.Add(record.Value);
                if (page.Count == PageLength)
                {
                    return;
                }
            }

            throw new InvalidOperationException("There are too few.");
        }

        public async Task GetAsync() => _ = await records.GetAsync(Key(7), PhotosJson.Default.Photo) ?? throw new InvalidOperationException("It is not there.");

        static RecordKey Key(long number) => RecordKey.Of("photo", "anna", RecordKey.Descending(number));

        static long Version(CommitOutcome outcome) => outcome.Committed ? outcome.Version : throw new InvalidOperationException($"{outcome.Conflict} conflicts.");
    }

    sealed class HandWork : IStoreWork
    {
        readonly DbConnection _connection;
        readonly DbCommand _photo, _reference, _room, _change, _page, _get;
        readonly DbBatch? _add;
        long _count, _changed = 1;

        HandWork(DbConnection connection)
        {
            _connection = connection;
            _photo = Command("INSERT INTO photo (owner, number, content, name, length, taken, version) VALUES ('anna', @number, @content, 'Summit.jpg', 3000000, @taken, 1)", "number", "content", "taken");
            _reference = Command("INSERT INTO reference (content, owner) VALUES (@content, 'anna')", "content");
            _room = Command("UPDATE room SET bytes = bytes + 3000000, version = version + 1 WHERE owner = 'anna' AND version = @version", "version");
            _change = Command("UPDATE photo SET name = 'Hut.jpg', version = version + 1 WHERE owner = 'anna' AND number = 0 AND version = @version", "version");
            _page = Command($"SELECT owner, content, name, length, taken, version FROM photo WHERE owner = 'anna' ORDER BY number DESC LIMIT {PageLength}");
            _get = Command("SELECT owner, content, name, length, taken, version FROM photo WHERE owner = 'anna' AND number = 7");

            // All three in one round trip, where there is one.
            _add = connection is NpgsqlConnection npgsql ? new NpgsqlBatch(npgsql) : null;
            foreach (var command in _add is null ? [] : (DbCommand[])[_photo, _reference, _room])
            {
                var part = new NpgsqlBatchCommand(command.CommandText);
                part.Parameters.AddRange(command.Parameters.Cast<NpgsqlParameter>().Select(static _ => new NpgsqlParameter()).ToArray());
                ((NpgsqlBatch)_add!).BatchCommands.Add(part);
            }
        }

        public string Name => "by hand";

        public Task SettleAsync() => ExecuteAsync(_connection, "ANALYZE");

        public static async Task<HandWork> OpenAsync(DbConnection connection, string bytes)
        {
            await ExecuteAsync(connection, $"CREATE TABLE photo (owner TEXT NOT NULL, number BIGINT NOT NULL, content {bytes} NOT NULL, name TEXT NOT NULL, length BIGINT NOT NULL, taken BIGINT NOT NULL, version BIGINT NOT NULL, PRIMARY KEY (owner, number))");
            await ExecuteAsync(connection, $"CREATE TABLE reference (content {bytes} NOT NULL, owner TEXT NOT NULL, PRIMARY KEY (content, owner))");
            await ExecuteAsync(connection, "CREATE TABLE room (owner TEXT NOT NULL PRIMARY KEY, bytes BIGINT NOT NULL, version BIGINT NOT NULL)");
            await ExecuteAsync(connection, "INSERT INTO room VALUES ('anna', 0, 0)");
            return new(connection);
        }

        public async Task AddAsync()
        {
            var content = Convert.FromHexString(Content(_count));
            if (_add is not null)
            {
                Set(_add.BatchCommands[0].Parameters, _count, content, 0L);
                Set(_add.BatchCommands[1].Parameters, content);
                Set(_add.BatchCommands[2].Parameters, _count++);
                Require(await _add.ExecuteNonQueryAsync(), 3);
                return;
            }

            await using var transaction = await _connection.BeginTransactionAsync();
            Set(_photo.Parameters, _count, content, 0L);
            Set(_reference.Parameters, content);
            Set(_room.Parameters, _count++);
            foreach (var command in (DbCommand[])[_photo, _reference, _room])
            {
                command.Transaction = transaction;
                Require(await command.ExecuteNonQueryAsync(), 1);
            }

            await transaction.CommitAsync();
        }

        public async Task ChangeAsync()
        {
            _change.Transaction = null;
            Set(_change.Parameters, _changed++);
            Require(await _change.ExecuteNonQueryAsync(), 1);
        }

        public async Task PageAsync() => Require(await ReadAsync(_page), PageLength);

        public async Task GetAsync() => Require(await ReadAsync(_get), 1);

        static async Task<int> ReadAsync(DbCommand command)
        {
            command.Transaction = null;
            var page = new List<Photo>(PageLength);
            await using var rows = await command.ExecuteReaderAsync();
            while (await rows.ReadAsync())
            {
                page.Add(new(rows.GetString(0), Convert.ToHexStringLower(rows.GetFieldValue<byte[]>(1)), rows.GetString(2), rows.GetInt64(3), DateTimeOffset.FromUnixTimeMilliseconds(rows.GetInt64(4))));
            }

            return page.Count;
        }

        static void Set(DbParameterCollection parameters, params ReadOnlySpan<object> values)
        {
            for (var i = 0; i < values.Length; i++)
            {
                parameters[i].Value = values[i];
            }
        }

        static void Require(int rows, int wanted)
        {
            if (rows != wanted)
            {
                throw new InvalidOperationException($"{rows} rows, and not {wanted}.");
            }
        }

        DbCommand Command(string sql, params ReadOnlySpan<string> parameters)
        {
            var command = _connection.CreateCommand();
            command.CommandText = sql;
            foreach (var name in parameters)
            {
                var parameter = command.CreateParameter();
                if (command is NpgsqlCommand)
                {
                    command.CommandText = command.CommandText.Replace("@" + name, $"${command.Parameters.Count + 1}", StringComparison.Ordinal); // as it likes them best
                }
                else
                {
                    parameter.ParameterName = name;
                }

                command.Parameters.Add(parameter);
            }

            return command;
        }
    }
}
