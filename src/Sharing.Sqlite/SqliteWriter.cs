using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Sharing.Sqlite;

// How it works: commits queue up; one loop takes all that wait (up to a limit) into one transaction, so that many share one fsync. Each
// is checked and applied in turn and sees those before it; one that conflicts has written nothing. Where one fails, all are rolled back and have
// each a transaction of their own. Nobody is told anything before COMMIT returned.
//
// After a crash: the transaction is there whole or not at all. After a failed fsync the kernel may show bytes that the disk does not
// have, so the writer refuses further work until the database is opened anew.
//
// Bounds: 1,024 commits wait, further callers wait to queue up; 256 commits or 4 MiB of values share a transaction.
sealed class SqliteWriter : IAsyncDisposable
{
    const int GroupCommits = 256;
    const int GroupBytes = 4 << 20;

    readonly SqliteConnection _connection;
    readonly SqliteReserve _reserve;
    readonly Lock _turn;
    readonly RecordCache _cache;
    readonly SqliteCommand _begin, _commit, _rollback, _version, _put, _delete, _advance, _fold;
    readonly Channel<PendingCommit> _queue = Channel.CreateBounded<PendingCommit>(new BoundedChannelOptions(1024) { SingleReader = true });
    readonly Task _loop;
    long _last;
    Exception? _broken;

    public SqliteWriter(SqliteConnection connection, SqliteReserve reserve, Lock turn, RecordCache cache)
    {
        (_connection, _reserve, _turn, _cache) = (connection, reserve, turn, cache);
        _begin = SqliteDatabase.Prepare(connection, "BEGIN IMMEDIATE");
        _commit = SqliteDatabase.Prepare(connection, "COMMIT");
        _rollback = SqliteDatabase.Prepare(connection, "ROLLBACK");
        _version = SqliteDatabase.Prepare(connection, "SELECT version FROM records WHERE key = @key", "@key");
        _put = SqliteDatabase.Prepare(connection, """
            INSERT INTO records (key, kind, version, json) VALUES (@key, @kind, @version, CAST(@json AS TEXT))
            ON CONFLICT (key) DO UPDATE SET version = excluded.version, json = excluded.json
            """, "@key", "@kind", "@version", "@json");
        _delete = SqliteDatabase.Prepare(connection, "DELETE FROM records WHERE key = @key", "@key");
        _advance = SqliteDatabase.Prepare(connection, "UPDATE meta SET value = @version WHERE name = 'version'", "@version");
        _fold = SqliteDatabase.Prepare(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
        using var last = SqliteDatabase.Prepare(connection, "SELECT value FROM meta WHERE name = 'version'");
        _last = (long)last.ExecuteScalar()!;
        _reserve.Fill();
        _loop = Task.Run(RunAsync);
    }

    public ValueTask<CommitOutcome> CommitAsync(RecordBatch batch, CancellationToken cancellationToken) => CommitAsync(new PendingCommit(batch), cancellationToken);

    // Deleted cells are overwritten (secure_delete); what is left are their older copies in the log.
    public async Task EraseAsync(CancellationToken cancellationToken) => await CommitAsync(new PendingCommit(new(), erases: true), cancellationToken);

    async ValueTask<CommitOutcome> CommitAsync(PendingCommit pending, CancellationToken cancellationToken)
    {
        try
        {
            await _queue.Writer.WriteAsync(pending, cancellationToken);
        }
        catch (ChannelClosedException closed)
        {
            throw new ObjectDisposedException("The records are closed.", closed);
        }

        using (cancellationToken.UnsafeRegister(static (state, token) => ((PendingCommit)state!).GiveUp(token), pending))
        {
            return await pending.Ended;
        }
    }

    // What is queued is still committed. Closing the last connection checkpoints and removes the log.
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loop;
        foreach (var command in new[] { _begin, _commit, _rollback, _version, _put, _delete, _advance, _fold })
        {
            await command.DisposeAsync();
        }

        await _connection.DisposeAsync();
    }

    async Task RunAsync()
    {
        List<PendingCommit> group = [];
        while (await _queue.Reader.WaitToReadAsync())
        {
            group.Clear();
            long bytes = 0;
            while (group.Count < GroupCommits && bytes < GroupBytes && _queue.Reader.TryRead(out var pending))
            {
                if (pending.TryTake())
                {
                    group.Add(pending);
                    bytes += pending.Changes.Sum(change => (long)change.Json.Length);
                }
            }

            if (group.Count > 0)
            {
                Commit(group);
            }
        }
    }

    void Commit(List<PendingCommit> group)
    {
        var fault = TryTransact(group);
        if (fault is not null && _broken is null)
        {
            if (group.Count > 1 && (SqliteFaults.IsFull(fault) || SqliteFaults.ConcernsOneBatch(fault)))
            {
                // Perhaps one is too large for the room left, or has a value that cannot be, and the others are not.
                group.ForEach(one => Commit([one]));
                return;
            }

            fault = SqliteFaults.IsFull(fault) ? TryInReserve(group) : fault;
        }

        if (fault is null && group.Find(static one => one.Erases) is not null)
        {
            Erase(group);
        }

        _reserve.Fill(); // if it was used, and there is room again
        foreach (var pending in group)
        {
            pending.Fault = fault is null ? pending.Fault : SqliteFaults.Told(fault);
            pending.Tell();
        }
    }

    // The log is folded and cut to nothing. Those who read hold it up; they are waited for, for as long as the database waits for anything.
    void Erase(List<PendingCommit> group)
    {
        Exception? fault = null;
        try
        {
            using var folded = _fold.ExecuteReader();
            fault = folded.Read() && folded.GetInt64(0) == 0 ? null : new SharingException(ProblemCodes.Conflict, "What was deleted is still being read; it is gone from the log a little later.");
        }
        catch (SqliteException exception)
        {
            _broken ??= SqliteFaults.IsFailedSync(exception) ? exception : null;
            fault = SqliteFaults.Told(exception);
        }

        foreach (var pending in group.Where(static one => one.Erases))
        {
            pending.Fault = fault;
        }
    }

    Exception? TryTransact(List<PendingCommit> group)
    {
        try
        {
            Transact(group);
            return null;
        }
        catch (Exception exception)
        {
            if (!TryRollBack() || SqliteFaults.IsFailedSync(exception))
            {
                _broken ??= exception;
            }

            return exception;
        }
    }

    // The log is folded into the database, so that its room can be used again. Only what makes room may also have what is kept back.
    Exception? TryInReserve(List<PendingCommit> one)
    {
        _reserve.Release();
        try
        {
            _fold.ExecuteNonQuery();
        }
        catch (SqliteException exception)
        {
            if (SqliteFaults.IsFailedSync(exception))
            {
                return _broken = exception;
            }
        }

        if (!one[0].MakesRoom)
        {
            _reserve.Fill();
        }

        return TryTransact(one);
    }

    void Transact(List<PendingCommit> group)
    {
        if (_broken is not null)
        {
            throw SqliteFaults.ReadOnly(_broken);
        }

        lock (_turn)
        {
            _begin.ExecuteNonQuery();
        }

        var before = _last;
        foreach (var pending in group)
        {
            pending.Fault = null;
            pending.Outcome = Apply(pending);
        }

        if (_last == before)
        {
            _rollback.ExecuteNonQuery(); // nothing was written
            return;
        }

        _advance.Parameters[0].Value = _last;
        _advance.ExecuteNonQuery();
        var changed = group.Where(static one => one.Outcome.Committed).SelectMany(static one => one.Changes.Where(static change => change.Kind != RecordChangeKind.Check).Select(change => (
            change.Key, change.Kind == RecordChangeKind.Put ? new Record(change.Key, change.Json.ToArray(), one.Outcome.Version) : null))).ToList();
        _cache.Begin(changed.Select(static one => one.Key));
        try
        {
            _commit.ExecuteNonQuery();
        }
        catch
        {
            changed.Clear();
            throw;
        }
        finally
        {
            _cache.End(changed);
        }
    }

    // All conditions first: a key occurs once in a batch, so a conflict is known before anything is written.
    CommitOutcome Apply(PendingCommit pending)
    {
        foreach (var change in pending.Changes)
        {
            if (change.Expected != RecordBatch.Any && change.Expected != VersionOf(change.Key))
            {
                return new(0, change.Key);
            }
        }

        if (Array.TrueForAll(pending.Changes, change => change.Kind == RecordChangeKind.Check))
        {
            return new(_last, null);
        }

        _last++; // and never back, even if this fails: a number is not used twice
        foreach (var change in pending.Changes)
        {
            Write(change);
        }

        return new(_last, null);
    }

    void Write(RecordChange change)
    {
        switch (change.Kind)
        {
            case RecordChangeKind.Put:
                _put.Parameters[0].Value = change.Key.Value;
                _put.Parameters[1].Value = change.Key.Kind;
                _put.Parameters[2].Value = _last;
                _put.Parameters[3].Value = change.Json.ToArray(); // as a blob: UTF-8 goes in as it is
                _put.ExecuteNonQuery();
                break;
            case RecordChangeKind.Delete:
                _delete.Parameters[0].Value = change.Key.Value;
                _delete.ExecuteNonQuery();
                break;
        }
    }

    long VersionOf(RecordKey key)
    {
        _version.Parameters[0].Value = key.Value;
        return _version.ExecuteScalar() is long version ? version : RecordBatch.Absent;
    }

    bool TryRollBack()
    {
        try
        {
            // Some errors end the transaction themselves.
            if (raw.sqlite3_get_autocommit(_connection.Handle) == 0)
            {
                _rollback.ExecuteNonQuery();
            }

            return true;
        }
        catch (SqliteException)
        {
            return false;
        }
    }
}
