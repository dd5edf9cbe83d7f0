using System.Globalization;
using System.Runtime.CompilerServices;
using Npgsql;
using NpgsqlTypes;
using Polly;
using Polly.Retry;

namespace Sharing.PostgreSql;

/// <summary>Keeps records in PostgreSQL (14 or later), for as many hosts as there are.</summary>
/// <remarks>
/// <para>Thread-safe singleton. A commit is one round trip: the function <c>commit_2</c> locks its keys, compares versions and writes. What the server lost in the middle (it was
/// restarted, the connection broke) is asked for again for about ten seconds: the session that had it is ended, and whether the commit happened is seen by the mark that each leaves for
/// some minutes. Only where nobody can be asked any more the outcome stays unknown, and is an exception.</para>
/// <para>Changes of other hosts wake by NOTIFY. It needs a session for that: behind a pooler that shares sessions among transactions give another connection string, or wake-ups come late.</para>
/// </remarks>
public sealed class PostgreSqlRecordStore : IRecordStore, IRecordHeads, IRecordWatch, IRecordCheck, IAsyncDisposable, IDisposable
{
    const int FirstPage = 50, LeastPage = 4, Page = 100, PageBytes = 1 << 20;

    readonly PostgreSqlOptions _options;
    readonly PostgreSqlSchema _schema;
    readonly NpgsqlDataSource _source;
    readonly PostgreSqlNews _news;
    readonly ResiliencePipeline _patience;
    readonly SemaphoreSlim _opening = new(1);
    readonly string _get, _page, _heads, _commit, _commitLooking;
    volatile bool _open;
    bool _disposed;

    /// <summary>Keeps records there. The database is looked at when it is first used.</summary>
    /// <param name="options">Where.</param>
    /// <param name="time">Times the rests between attempts; the system's clock if left out.</param>
    /// <exception cref="ArgumentException">The connection string or the schema's name does not fit.</exception>
    public PostgreSqlRecordStore(PostgreSqlOptions options, TimeProvider? time = null)
    {
        (_options, _schema) = (options, new(options.Schema));
        _source = PostgreSqlConnection.ForRecords(options.ConnectionString);
        _news = new(PostgreSqlConnection.ForNews(options.ConnectionString), options.Schema, _schema.Marks);
        _patience = new ResiliencePipelineBuilder { TimeProvider = time ?? TimeProvider.System }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = static arguments => ValueTask.FromResult(PostgreSqlFaults.MayPass(arguments.Outcome.Exception)),
                BackoffType = DelayBackoffType.Exponential,
                Delay = TimeSpan.FromMilliseconds(20),
                MaxDelay = TimeSpan.FromSeconds(1),
                MaxRetryAttempts = 15,
                UseJitter = true,
            })
            .Build();
        _get = $"SELECT key, version, json FROM {_schema.Records} WHERE key = $1";
        _page = $"SELECT key, version, json FROM {_schema.Records} WHERE key >= $1 AND key < $2 ORDER BY key LIMIT $3";
        _heads = $"""
            SELECT head.key, head.version, head.json, range.number FROM unnest($1, $2) WITH ORDINALITY AS range(lower, upper, number)
            CROSS JOIN LATERAL (SELECT key, version, json FROM {_schema.Records} WHERE key >= range.lower AND key < range.upper ORDER BY key LIMIT $3) AS head
            ORDER BY range.number, head.key
            """;
        _commit = $"SELECT {_schema.Commit}($1, $2, $3, $4, $5, $6, $7)";
        _commitLooking = $"SELECT {_schema.CommitLooking}($1, $2, $3, $4, $5, $6, $7)";
    }

    /// <inheritdoc/>
    /// <exception cref="SharingException"><see cref="ProblemCodes.Busy"/>: the server cannot be reached.</exception>
    public async ValueTask<Record?> GetAsync(RecordKey key, CancellationToken cancellationToken = default) =>
        (await ReadAsync(_get, [Text(key.Value)], cancellationToken)) is [var record] ? record : null;

    /// <inheritdoc/>
    /// <exception cref="SharingException"><see cref="ProblemCodes.Busy"/>: the server cannot be reached.</exception>
    public async IAsyncEnumerable<Record> ScanAsync(RecordRange range, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var (from, to) = (Bound(range.From), Bound(range.To));
        for (var most = FirstPage; ;)
        {
            var page = await ReadAsync(_page, [Text(from), Text(to), new NpgsqlParameter<int> { TypedValue = most }], cancellationToken);
            foreach (var record in page)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return record;
            }

            if (page.Count < most)
            {
                yield break;
            }

            // About a mebibyte at most is held for whoever scans.
            from = Bound(page[^1].Key.Value + '\0');
            most = (int)Math.Clamp(PageBytes / (1 + page.Average(static record => record.Json.Length)), LeastPage, Page);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="SharingException"><see cref="ProblemCodes.Busy"/>: the server cannot be reached.</exception>
    public ValueTask<IReadOnlyList<IReadOnlyList<Record>>> HeadsAsync(IReadOnlyList<RecordRange> ranges, int most, CancellationToken cancellationToken = default) => TryAsync(
        async (store, token) =>
        {
            await using var connection = await store.OpenAsync(token);
            await using var command = connection.CreateCommand();
            command.CommandText = store._heads;
            command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. ranges.Select(static range => Bound(range.From))] });
            command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. ranges.Select(static range => Bound(range.To))] });
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = most });
            await using var rows = await command.ExecuteReaderAsync(token);
            var heads = new List<Record>[ranges.Count];
            while (await rows.ReadAsync(token))
            {
                (heads[(int)rows.GetInt64(3) - 1] ??= []).Add(Read(rows));
            }

            return (IReadOnlyList<IReadOnlyList<Record>>)[.. heads.Select(static head => head ?? [])];
        },
        this,
        cancellationToken);

    /// <inheritdoc/>
    /// <remarks>Once it was sent it runs to its end.</remarks>
    /// <exception cref="SharingException"><see cref="ProblemCodes.Busy"/>: the server cannot be reached, the outcome is unknown; <see cref="ProblemCodes.NoSpace"/>, or
    /// <see cref="ProblemCodes.ReadOnly"/>: it takes no changes at present.</exception>
    public async ValueTask<CommitOutcome> CommitAsync(RecordBatch batch, CancellationToken cancellationToken = default)
    {
        var pending = new PendingCommit(batch);
        var happened = true;
        try
        {
            var outcome = await TryAsync(CommitOnceAsync, pending, cancellationToken);
            happened = outcome.Committed;
            return outcome;
        }
        finally
        {
            if (happened)
            {
                _news.Tell(batch);
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask<long> WaitAsync(string kind, long seen, CancellationToken cancellationToken = default) => _news.WaitAsync(kind, seen, cancellationToken);

    /// <summary>Looks whether every version was given out, as after a database was put back from two backups.</summary>
    public async Task<IReadOnlyList<string>> CheckAsync(CancellationToken cancellationToken = default) => await TryAsync(
        async (_, token) =>
        {
            await using var connection = await OpenAsync(token);
            await using var command = connection.CreateCommand();
            command.CommandText = $"""
                SELECT 'The record ' || key || ' has version ' || version || ', which was not given out yet: the numbers were put back.'
                FROM (SELECT key, version FROM {_schema.Records} ORDER BY version DESC LIMIT 1) AS last
                WHERE version > coalesce(pg_sequence_last_value('{_schema.Versions}'::regclass), 0)
                """;
            await using var rows = await command.ExecuteReaderAsync(token);
            List<string> found = [];
            while (await rows.ReadAsync(token))
            {
                found.Add(rows.GetString(0));
            }

            return found;
        },
        0,
        cancellationToken);

    /// <summary>Ends the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true))
        {
            return;
        }

        await _news.DisposeAsync();
        await _source.DisposeAsync();
        _opening.Dispose();
    }

    /// <inheritdoc cref="DisposeAsync"/>
#pragma warning disable VSTHRD002 // for containers that are disposed synchronously; nothing in here comes back to the caller's thread
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();
#pragma warning restore VSTHRD002

    /// <summary>The server keeps no NUL in text, and a range writes "just behind this key" as key + NUL. No key has a character below the space.</summary>
    static string Bound(string key) => key.EndsWith('\0') ? string.Concat(key.AsSpan(0, key.Length - 1), "\u0001") : key;

    static Record Read(NpgsqlDataReader row) => new(RecordKey.FromStored(row.GetString(0)), row.GetFieldValue<byte[]>(2), row.GetInt64(1));

    static NpgsqlParameter<string> Text(string value) => new() { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Text };

    async ValueTask<CommitOutcome> CommitOnceAsync(PendingCommit pending, CancellationToken cancellationToken)
    {
        try
        {
            return await SendAsync(pending, cancellationToken);
        }
        catch (PostgresException isThere) when (isThere.SqlState == PostgresErrorCodes.UniqueViolation && !pending.LooksFirst)
        {
            (pending.SentTo, pending.LooksFirst) = (null, true);
            return await SendAsync(pending, cancellationToken);
        }
    }

    async ValueTask<CommitOutcome> SendAsync(PendingCommit pending, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = pending.LooksFirst ? _commitLooking : _commit;
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = pending.Locks });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = pending.Keys });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = pending.Expected });
        command.Parameters.Add(new NpgsqlParameter<byte[][]> { TypedValue = pending.Puts, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = pending.Deletes });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = pending.Mark });
        command.Parameters.Add(new NpgsqlParameter<bool> { TypedValue = pending.SentTo is not null });
        if (pending.SentTo is { } process)
        {
            await EndAsync(connection, process, cancellationToken);
        }

        pending.SentTo = connection.ProcessID;
        try
        {
            return (long)(await command.ExecuteScalarAsync(CancellationToken.None))! is var version && version >= 0
                ? new(version, null)
                : new(0, RecordKey.FromStored(pending.Keys[-version - 1]));
        }
        catch (PostgresException undone) when (PostgreSqlFaults.IsUndone(undone))
        {
            pending.SentTo = null;
            throw;
        }
    }

    /// <summary>Sees to it that what was sent before, and may still be under way to there, does not happen any more.</summary>
    static async Task EndAsync(NpgsqlConnection connection, int process, CancellationToken cancellationToken)
    {
        await using var end = connection.CreateCommand();
        end.CommandText = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE pid = $1 AND pid <> pg_backend_pid() AND usename = current_user AND datname = current_database()";
        end.Parameters.Add(new NpgsqlParameter<int> { TypedValue = process });
        await end.ExecuteNonQueryAsync(cancellationToken);
    }

    ValueTask<List<Record>> ReadAsync(string sql, NpgsqlParameter[] parameters, CancellationToken cancellationToken) => TryAsync(
        async (_, token) =>
        {
            await using var connection = await OpenAsync(token);
            await using var command = connection.CreateCommand();
            command.CommandText = sql;
            command.Parameters.AddRange(parameters.Select(static parameter => (NpgsqlParameter)parameter.Clone()).ToArray());
            await using var rows = await command.ExecuteReaderAsync(token);
            List<Record> records = [];
            while (await rows.ReadAsync(token))
            {
                records.Add(Read(rows));
            }

            return records;
        },
        0,
        cancellationToken);

    async ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = await _source.OpenConnectionAsync(cancellationToken);
        if (!_open)
        {
            try
            {
                await RequireAsync(connection, cancellationToken);
            }
            catch
            {
                await connection.DisposeAsync();
                throw;
            }
        }

        return connection;
    }

    async Task RequireAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await _opening.WaitAsync(cancellationToken);
        try
        {
            if (!_open)
            {
                await _schema.RequireAsync(connection, _options.ApplySchema, cancellationToken);
                _open = true;
            }
        }
        finally
        {
            _opening.Release();
        }
    }

    async ValueTask<T> TryAsync<T, TState>(Func<TState, CancellationToken, ValueTask<T>> act, TState state, CancellationToken cancellationToken)
    {
        try
        {
            return await _patience.ExecuteAsync(static (pair, token) => pair.act(pair.state, token), (act, state), cancellationToken);
        }
        catch (Exception fault) when (fault is NpgsqlException or TimeoutException)
        {
            throw PostgreSqlFaults.Told(fault);
        }
    }
}
