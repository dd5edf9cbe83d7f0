using System.Globalization;
using System.Security.Cryptography;
using Npgsql;
using Sharing.PostgreSql;
using Sharing.Testing;
using Sharing.Trials.Durability;
using Sharing.Trials.PostgreSql;

namespace Sharing.Tests.Records;

/// <summary>What is told when the server does not do what it should; what it does to the records is the trial's.</summary>
public sealed class PostgreSqlFaultTests(PostgresFixture postgres) : PostgresDatabaseTests(postgres)
{
    [Fact(Timeout = 60_000)]
    public async Task A_server_that_is_not_there_is_waited_for_and_then_said_to_be_away()
    {
        var time = new FakeTimeProvider();
        await using var records = new PostgreSqlRecordStore(new() { ConnectionString = "Host=/nowhere;Username=app;Database=none" }, time);
        var began = time.GetUtcNow();
        var asked = records.GetAsync(Key(1), Cancel).AsTask();
        while (!asked.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(1, Cancel);
        }

        Assert.Equal(ProblemCodes.Busy, (await Assert.ThrowsAsync<SharingException>(() => asked)).Code);
        Assert.InRange((time.GetUtcNow() - began).TotalSeconds, 5, 60);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_full_disk_is_told_and_costs_nothing_that_was_committed_and_with_room_it_goes_on()
    {
        await using var disk = await SmallDisk.CreateAsync(24 * 1024);
        await PowerDisk.RunAsync("chown", "postgres", disk.Folder);
        var narrow = new NpgsqlConnectionStringBuilder(Database) { Database = "narrow" }.ConnectionString;
        await Server.ExecuteAsync($"CREATE TABLESPACE small LOCATION '{disk.Folder}'", cancellationToken: Cancel);
        await Server.ExecuteAsync("CREATE DATABASE narrow OWNER app TABLESPACE small", cancellationToken: Cancel);
        try
        {
            await using var records = new PostgreSqlRecordStore(new() { ConnectionString = narrow });
            var kept = 0;
            var refused = await Assert.ThrowsAsync<SharingException>(async () =>
            {
                for (; ; kept++)
                {
                    await records.CommitAsync(new RecordBatch().Put(Key(kept), Large(), RecordBatch.Absent), Cancel);
                }
            });
            Assert.Equal(ProblemCodes.NoSpace, refused.Code);
            Assert.DoesNotContain(disk.Folder, refused.Message, StringComparison.Ordinal);
            Assert.True(kept > 5);
            for (var i = 0; i < kept; i++)
            {
                Assert.NotNull(await records.GetAsync(Key(i), Cancel));
            }

            Assert.Null(await records.GetAsync(Key(kept), Cancel));
            Assert.True((await records.CommitAsync(new RecordBatch().Delete(Key(0), RecordBatch.Any), Cancel)).Committed);
            await disk.ResizeAsync(32 * 1024);
            Assert.True((await records.CommitAsync(new RecordBatch().Put(Key(0), Large(), RecordBatch.Absent), Cancel)).Committed);
        }
        finally
        {
            await disk.ResizeAsync(64 * 1024); // a checkpoint needs some
            await Server.DropAsync(narrow);
            await Server.ExecuteAsync("DROP TABLESPACE small", cancellationToken: CancellationToken.None);
        }
    }

    [Fact]
    public void Whoever_waits_too_long_for_a_connection_is_told_so_however_the_client_puts_it()
    {
        foreach (var fault in (Exception[])[new TimeoutException(), new NpgsqlException("The connection pool has been exhausted", new TimeoutException()), new NpgsqlException("", new System.Net.Sockets.SocketException())])
        {
            Assert.Equal(ProblemCodes.Busy, Assert.IsType<SharingException>(PostgreSqlFaults.Told(fault)).Code);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task A_database_that_may_lose_what_was_committed_is_refused()
    {
        await Server.ExecuteAsync($"ALTER DATABASE {new NpgsqlConnectionStringBuilder(Database).Database} SET synchronous_commit = off", cancellationToken: Cancel);
        await using var records = new PostgreSqlRecordStore(new() { ConnectionString = Database });
        Assert.Equal(ProblemCodes.Conflict, (await Assert.ThrowsAsync<SharingException>(async () => await records.GetAsync(Key(1), Cancel))).Code);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_batch_of_more_keys_than_the_server_has_locks_for_and_small_ones_beside_it_lose_nothing()
    {
        await using var records = new PostgreSqlRecordStore(new() { ConnectionString = Database });
        var guard = RecordKey.Of("thing", "guard");
        for (var round = 0; round < 10; round++)
        {
            // Each looks at what the other writes, so one of the two is refused.
            var (many, few) = (new RecordBatch().Check(guard, RecordBatch.Absent), new RecordBatch().Put(guard, "1"u8.ToArray(), RecordBatch.Absent).Check(Key(4999), RecordBatch.Absent));
            var clear = new RecordBatch().Delete(guard, RecordBatch.Any);
            for (var i = 0; i < 5000; i++)
            {
                many.Put(Key(i), "1"u8.ToArray(), RecordBatch.Absent);
                clear.Delete(Key(i), RecordBatch.Any);
            }

            var outcomes = await Task.WhenAll(Task.Run(async () => await records.CommitAsync(many, Cancel), Cancel), Task.Run(
                async () =>
                {
                    await Task.Delay(round * 5, Cancel);
                    return await records.CommitAsync(few, Cancel);
                },
                Cancel));
            Assert.Single(outcomes, static outcome => outcome.Committed);
            Assert.Equal((outcomes[0].Committed, outcomes[1].Committed), (await records.GetAsync(Key(4999), Cancel) is not null, await records.GetAsync(guard, Cancel) is not null));
            Assert.True((await records.CommitAsync(clear, Cancel)).Committed);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task News_that_got_lost_wake_as_soon_as_they_can_be_heard_again()
    {
        await using var records = new PostgreSqlRecordStore(new() { ConnectionString = Database });
        var seen = await records.WaitAsync("thing", 0, Cancel);
        var waiting = records.WaitAsync("thing", seen, Cancel).AsTask();
        Assert.Equal(1L, await Server.ExecuteAsync("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()", Database, Cancel));
        Assert.NotEqual(seen, await waiting);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_host_whose_session_was_found_dead_while_nothing_was_to_tell_tells_again()
    {
        await using var here = new PostgreSqlRecordStore(new() { ConnectionString = Database + ";Keepalive=1" });
        await using var there = new PostgreSqlRecordStore(new() { ConnectionString = Database });
        await here.CommitAsync(new RecordBatch().Put(Key(1), "1"u8.ToArray(), RecordBatch.Any), Cancel);
        await there.WaitAsync("thing", 0, Cancel);
        while (await Server.ExecuteAsync("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE (query LIKE 'SELECT pg_notify%' OR query LIKE 'DELETE FROM %marks%') AND datname = current_database()", Database, Cancel) is 0L)
        {
            await Task.Delay(50, Cancel);
        }

        await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System, Cancel); // the client asks whether it lives, and finds out
        while (await there.WaitAsync("thing", 0, Cancel) is var seen)
        {
            await here.CommitAsync(new RecordBatch().Put(Key(1), "2"u8.ToArray(), RecordBatch.Any), Cancel);
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
            patience.CancelAfter(TimeSpan.FromSeconds(2));
            try
            {
                await there.WaitAsync("thing", seen, patience.Token);
                return;
            }
            catch (OperationCanceledException) when (!Cancel.IsCancellationRequested)
            {
                // The first is lost with the session; it is told again, or the next one is.
            }
        }
    }

    static RecordKey Key(int number) => RecordKey.Of("thing", number.ToString(CultureInfo.InvariantCulture));

    /// <summary>Not to be compressed.</summary>
    static byte[] Large() => [(byte)'"', .. Convert.ToBase64String(RandomNumberGenerator.GetBytes(180_000)).Select(static character => (byte)character), (byte)'"'];
}
