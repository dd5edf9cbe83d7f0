using Npgsql;
using Sharing.PostgreSql;
using Sharing.Trials.PostgreSql;

namespace Sharing.Tests.Records;

/// <summary>How the tables come to be, and who may use them.</summary>
public sealed class PostgreSqlSchemaTests(PostgresFixture postgres) : PostgresDatabaseTests(postgres)
{
    static readonly RecordKey s_key = RecordKey.Of("thing", "1");

    [Fact(Timeout = 60_000)]
    public async Task Many_hosts_that_start_at_once_lay_it_out_once()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 16).Select(host => Task.Run(
            async () =>
            {
                await using var records = Open();
                return await records.CommitAsync(new RecordBatch().Put(RecordKey.Of("thing", $"{host}"), "1"u8.ToArray(), RecordBatch.Absent), Cancel);
            },
            Cancel)));
        Assert.All(outcomes, static outcome => Assert.True(outcome.Committed));
        Assert.Equal((long)PostgreSqlSchema.Latest, await AskAsync("SELECT count(*) FROM sharing.steps"));
        Assert.Equal(16L, await AskAsync("SELECT count(*) FROM sharing.records"));
    }

    [Fact(Timeout = 60_000)]
    public async Task What_an_administrator_has_laid_out_needs_no_rights_but_to_read_and_write()
    {
        await AskAsync(new PostgreSqlSchema("sharing").Script());
        await AskAsync("""
            CREATE ROLE host LOGIN; REVOKE ALL ON SCHEMA public FROM public;
            GRANT USAGE ON SCHEMA sharing TO host; GRANT SELECT ON sharing.steps TO host; GRANT SELECT, INSERT, UPDATE, DELETE ON sharing.records TO host; GRANT SELECT, INSERT, DELETE ON sharing.marks TO host; GRANT USAGE ON sharing.versions TO host
            """);
        try
        {
            await using var records = Open(new NpgsqlConnectionStringBuilder(Database) { Username = "host" }.ConnectionString);
            Assert.True((await records.CommitAsync(new RecordBatch().Put(s_key, "1"u8.ToArray(), RecordBatch.Absent), Cancel)).Committed);
            Assert.NotNull(await records.GetAsync(s_key, Cancel));
            await records.CommitAsync(new RecordBatch().Delete(s_key, RecordBatch.Any), Cancel);
            Assert.Empty(await records.CheckAsync(Cancel));
        }
        finally
        {
            await AskAsync("DROP OWNED BY host; DROP ROLE host");
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task A_host_that_may_not_lay_it_out_says_what_to_do()
    {
        await using var records = new PostgreSqlRecordStore(new() { ConnectionString = Database, ApplySchema = false });
        var refused = await Assert.ThrowsAsync<SharingException>(async () => await records.GetAsync(s_key, Cancel));
        Assert.Equal(ProblemCodes.Conflict, refused.Code);
        Assert.Contains("sharing-admin schema apply", refused.Message, StringComparison.Ordinal);
        await AskAsync("SET ROLE app; " + new PostgreSqlSchema("sharing").Script());
        Assert.Null(await records.GetAsync(s_key, Cancel)); // without a start anew
    }

    [Fact(Timeout = 60_000)]
    public async Task A_newer_schema_is_used_as_long_as_it_says_that_this_host_may_and_refused_after()
    {
        await using (var first = Open())
        {
            await first.CommitAsync(new RecordBatch().Put(s_key, "1"u8.ToArray(), RecordBatch.Absent), Cancel);
        }

        await AskAsync($"INSERT INTO sharing.steps (step, oldest_host) VALUES ({PostgreSqlSchema.Latest + 1}, {PostgreSqlSchema.Latest})");
        await using (var older = Open())
        {
            Assert.NotNull(await older.GetAsync(s_key, Cancel));
        }

        await AskAsync($"INSERT INTO sharing.steps (step, oldest_host) VALUES ({PostgreSqlSchema.Latest + 2}, {PostgreSqlSchema.Latest + 1})");
        await using var tooOld = Open();
        var refused = await Assert.ThrowsAsync<SharingException>(async () => await tooOld.GetAsync(s_key, Cancel));
        Assert.Equal(ProblemCodes.Conflict, refused.Code);
        Assert.Contains("update this one", refused.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Two_tenants_of_one_database_see_nothing_of_each_other()
    {
        await using var one = new PostgreSqlRecordStore(new() { ConnectionString = Database, Schema = "one" });
        await using var two = new PostgreSqlRecordStore(new() { ConnectionString = Database, Schema = "two" });
        Assert.True((await one.CommitAsync(new RecordBatch().Put(s_key, "1"u8.ToArray(), RecordBatch.Absent), Cancel)).Committed);
        Assert.Null(await two.GetAsync(s_key, Cancel));
        var seen = await two.WaitAsync("thing", 0, Cancel);
        await one.WaitAsync("thing", 0, Cancel);
        await one.CommitAsync(new RecordBatch().Put(s_key, "2"u8.ToArray(), RecordBatch.Any), Cancel);
        await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Cancel);
        Assert.Equal(seen, await two.WaitAsync("thing", 0, Cancel));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_database_of_another_encoding_is_refused()
    {
        await Server.ExecuteAsync("CREATE DATABASE latin OWNER app ENCODING 'LATIN1' TEMPLATE template0", cancellationToken: Cancel);
        var latin = new NpgsqlConnectionStringBuilder(Database) { Database = "latin" }.ConnectionString;
        try
        {
            await using var records = Open(latin);
            Assert.Contains("LATIN1", (await Assert.ThrowsAsync<SharingException>(async () => await records.GetAsync(s_key, Cancel))).Message, StringComparison.Ordinal);
        }
        finally
        {
            await Server.DropAsync(latin);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Numbers_that_were_put_back_are_found()
    {
        await using var records = Open();
        for (var i = 0; i < 3; i++)
        {
            await records.CommitAsync(new RecordBatch().Put(s_key, "1"u8.ToArray(), RecordBatch.Any), Cancel);
        }

        Assert.Empty(await records.CheckAsync(Cancel));
        await AskAsync("SELECT setval('sharing.versions', 2)");
        Assert.Contains(s_key.Value, Assert.Single(await records.CheckAsync(Cancel)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Sharing")]
    [InlineData("a\"; DROP SCHEMA public; --")]
    [InlineData("1st")]
    [InlineData("sharing\n")]
    public void A_name_that_is_none_is_refused(string name) => Assert.Throws<ArgumentException>(() => new PostgreSqlRecordStore(new() { ConnectionString = Database, Schema = name }));

    PostgreSqlRecordStore Open(string? connectionString = null) => new(new() { ConnectionString = connectionString ?? Database });

    Task<object?> AskAsync(string sql) => Server.ExecuteAsync(sql, Database, Cancel);
}
