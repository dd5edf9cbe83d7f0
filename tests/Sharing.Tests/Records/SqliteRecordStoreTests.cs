using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Sharing.Sqlite;
using Sharing.Testing;

namespace Sharing.Tests.Records;

public sealed class SqliteRecordStoreTests : DurableRecordStoreSuite
{
    readonly string _folder = Directory.CreateTempSubdirectory("sharing-sqlite-").FullName;

    string Path => System.IO.Path.Combine(_folder, "deep", "records.db");

    protected override Task<IRecordStore> CreateAsync() => ReopenAsync();

    protected override Task<IRecordStore> ReopenAsync() => Task.FromResult<IRecordStore>(new SqliteRecordStore(new() { Path = Path }));

    protected override ValueTask CleanUpAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return default;
    }

    [Fact]
    public void A_database_on_another_machines_disk_is_refused()
    {
        Assert.Equal(ProblemCodes.ReadOnly, Assert.Throws<SharingException>(() => SqliteDatabase.RefuseNetwork("sharing.db", DriveType.Network)).Code);
        SqliteDatabase.RefuseNetwork("sharing.db", SqliteDatabase.KindOf(System.IO.Path.GetTempPath()));
    }

    [Fact]
    public void A_second_opener_is_refused_and_told_which_file()
    {
        var refused = Assert.Throws<SharingException>(() => new SqliteRecordStore(new() { Path = Path }));

        Assert.Equal(ProblemCodes.Conflict, refused.Code);
        Assert.Contains(Path + ".lock", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_schema_newer_than_known_is_refused_and_left_alone()
    {
        await ((IAsyncDisposable)Records).DisposeAsync();
        Sql("UPDATE meta SET value = 99 WHERE name = 'schema'");

        var refused = Assert.Throws<SharingException>(() => new SqliteRecordStore(new() { Path = Path }));
        Assert.Contains("99", refused.Message, StringComparison.Ordinal);
        Assert.Contains(Path, refused.Message, StringComparison.Ordinal);
        Assert.Equal(99L, Sql("SELECT value FROM meta WHERE name = 'schema'"));

        Sql("UPDATE meta SET value = 1 WHERE name = 'schema'");
        await using var opened = new SqliteRecordStore(new() { Path = Path });
    }

    [Fact]
    public async Task An_operator_can_query_the_values()
    {
        await Records.CommitAsync(new RecordBatch().Put(RecordKey.Of("person", "a"), """{"name":"Jürgen"}"""u8.ToArray(), RecordBatch.Any), Cancel);

        Assert.Equal("""text person {"name":"Jürgen"}""", Sql("SELECT typeof(json) || ' ' || kind || ' ' || json FROM records"));
    }

    [Fact]
    public async Task A_full_disk_is_told_and_changes_nothing_and_deleting_makes_room()
    {
        await ((IAsyncDisposable)Records).DisposeAsync();
        await using var small = new SqliteRecordStore(new() { Path = Path, MaxLength = 1 << 20 });
        var json = new byte[100_000];
        json.AsSpan().Fill((byte)'1');
        var written = 0;
        var refused = await Assert.ThrowsAsync<SharingException>(async () =>
        {
            for (; written < 100; written++)
            {
                await small.CommitAsync(new RecordBatch()
                    .Put(Key(written, "large"), json, RecordBatch.Absent).Put(Key(written, "small"), "1"u8.ToArray(), RecordBatch.Absent), Cancel);
            }
        });

        Assert.Equal(ProblemCodes.NoSpace, refused.Code);
        Assert.InRange(written, 5, 10);
        Assert.Null(await small.GetAsync(Key(written, "large"), Cancel));
        Assert.Null(await small.GetAsync(Key(written, "small"), Cancel));
        Assert.True((await small.CommitAsync(new RecordBatch().Delete(Key(0, "large"), RecordBatch.Any), Cancel)).Committed);
        Assert.True((await small.CommitAsync(new RecordBatch().Put(Key(written, "large"), json, RecordBatch.Absent), Cancel)).Committed);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_commit_too_large_for_the_room_left_does_not_keep_small_ones_out()
    {
        await ((IAsyncDisposable)Records).DisposeAsync();
        await using var small = new SqliteRecordStore(new() { Path = Path, MaxLength = 1 << 20 });
        var json = new byte[200_000];
        json.AsSpan().Fill((byte)'1');
        var commits = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => Task.Run(async () =>
        {
            try
            {
                return (await small.CommitAsync(new RecordBatch().Put(Key(i, "x"), i % 4 == 0 ? json : "1"u8.ToArray(), RecordBatch.Absent), Cancel)).Committed;
            }
            catch (SharingException full) when (full.Code == ProblemCodes.NoSpace)
            {
                return false;
            }
        }, Cancel)));

        for (var i = 0; i < commits.Length; i++)
        {
            Assert.True(commits[i] || i % 4 == 0);
            Assert.Equal(commits[i], await small.GetAsync(Key(i, "x"), Cancel) is not null);
        }

        Assert.Contains(false, commits);
    }

    [Fact]
    public async Task What_is_queued_when_the_store_closes_is_committed_and_afterwards_everything_is_refused()
    {
        var commits = Enumerable.Range(0, 100).Select(i =>
            Records.CommitAsync(new RecordBatch().Put(Key(i, "x"), "1"u8.ToArray(), RecordBatch.Absent), Cancel).AsTask()).ToList();
        ((IDisposable)Records).Dispose();

        Assert.All(await Task.WhenAll(commits), outcome => Assert.True(outcome.Committed));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await Records.GetAsync(Key(1, "x"), Cancel));
        await Assert.ThrowsAsync<ObjectDisposedException>(
            async () => await Records.CommitAsync(new RecordBatch().Delete(Key(1, "x"), RecordBatch.Any), Cancel));
        Assert.False(File.Exists(Path + "-wal"), "the log is folded into the database");
        Assert.Equal(100L, Sql("SELECT count(*) FROM records"));
    }

    [Fact]
    public async Task A_commit_cancelled_while_queued_either_happened_or_did_not_as_it_says()
    {
        for (var round = 0; round < 200; round++)
        {
            using var cancel = new CancellationTokenSource();
            var filler = Records.CommitAsync(new RecordBatch().Put(Key(round, "filler"), "1"u8.ToArray(), RecordBatch.Absent), Cancel).AsTask();
            var commit = Records.CommitAsync(new RecordBatch().Put(Key(round, "x"), "1"u8.ToArray(), RecordBatch.Absent), cancel.Token).AsTask();
            await cancel.CancelAsync();
            var happened = true;
            try
            {
                await commit;
            }
            catch (OperationCanceledException)
            {
                happened = false;
            }

            Assert.True((await filler).Committed);
            Assert.Equal(happened, await Records.GetAsync(Key(round, "x"), Cancel) is not null);
        }
    }

    [Fact]
    public async Task UseSqlite_registers_the_driver_once_and_a_second_database_is_refused()
    {
        var services = new ServiceCollection();
        var other = System.IO.Path.Combine(_folder, "other.db");
        var sharing = new SharingBuilder(services);
        sharing.UseSqlite(other).UseSqlite(other);

        Assert.Throws<InvalidOperationException>(() => sharing.UseSqlite("elsewhere.db"));
        Assert.Single(services, service => service.ServiceType == typeof(IRecordStore));
        await using var provider = services.BuildServiceProvider();
        Assert.IsType<SqliteRecordStore>(provider.GetRequiredKeyedService<IRecordStore>("driver"));
        Assert.True(File.Exists(other));
    }

    static RecordKey Key(int number, string name) => RecordKey.Of("number", RecordKey.Number(number), name);

    // As an operator would, beside the store.
    object? Sql(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
