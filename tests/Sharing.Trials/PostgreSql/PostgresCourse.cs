using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Npgsql;
using Sharing.Deployment;
using Sharing.PostgreSql;

namespace Sharing.Trials.PostgreSql;

/// <summary>One trial: workers on two hosts count and write down each count in the same commit, while the server has its trouble. What was told is compared with what is there.</summary>
sealed class PostgresCourse(PostgresServer server, string database, PostgresTrouble trouble, Random random, JsonObject facts) : IAsyncDisposable
{
    const int Workers = 8, Counters = 3;
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    readonly PostgreSqlRecordStore[] _hosts = [Open(database, trouble), Open(database, trouble)];
    readonly ConcurrentDictionary<RecordKey, long> _told = new();
    readonly ConcurrentDictionary<RecordKey, bool> _refused = new(), _unknown = new();
    readonly ConcurrentBag<string> _wrong = [];
    int _ready, _toldAlone, _unknownAlone;

    /// <returns>What is wrong; <c>null</c>: nothing.</returns>
    public async Task<string?> RunAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        var seen = await _hosts[1].WaitAsync("last", 0, patience.Token);
        using var stop = new CancellationTokenSource();
        var workers = Enumerable.Range(0, Workers).Select(worker => Task.Run(() => WorkAsync(worker, new Random(random.Next()), stop.Token, patience.Token), patience.Token)).ToArray();
        while (Volatile.Read(ref _ready) < Workers || _told.IsEmpty)
        {
            await Task.Delay(5, patience.Token);
        }

        try
        {
            await TroubleAsync(patience.Token);
        }
        finally
        {
            await Task.Delay(random.Next(50, 200), patience.Token);
            await stop.CancelAsync();
            await Task.WhenAll(workers);
        }

        var last = await _hosts[0].CommitAsync(new RecordBatch().Put(RecordKey.Of("last", "1"), "1"u8.ToArray(), RecordBatch.Any), patience.Token);
        await _hosts[1].WaitAsync("last", seen, patience.Token);
        (facts["trouble"], facts["told"], facts["refused"], facts["unknown"]) = (trouble.ToString(), _told.Count, _refused.Count, _unknown.Count);
        return _wrong.FirstOrDefault() ?? (last.Committed ? await CheckAsync(patience.Token) : "the last commit was refused");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
        }

        await server.DropAsync(database);
    }

    static PostgreSqlRecordStore Open(string database, PostgresTrouble trouble) => new(new()
    {
        ConnectionString = database + (trouble == PostgresTrouble.NoConnectionLeft ? ";Maximum Pool Size=2;Timeout=1" : ""),
    });

    async Task WorkAsync(int worker, Random chance, CancellationToken stop, CancellationToken cancellationToken)
    {
        var host = _hosts[worker % _hosts.Length];
        for (var number = 0; !stop.IsCancellationRequested; number++)
        {
            var (counter, entry) = (RecordKey.Of("counter", $"{chance.Next(Counters)}"), RecordKey.Of("entry", $"{worker}", RecordKey.Number(number)));
            var sent = false;
            try
            {
                await (chance.Next(3) switch { 0 => CountAloneAsync(host, chance, cancellationToken), 1 => DeleteAsync(host, worker, number, cancellationToken), _ => Task.CompletedTask });
                var before = await host.GetAsync(counter, cancellationToken);
                var batch = new RecordBatch()
                    .Put(counter, Json(before is null ? 1 : long.Parse(before.Json.Span, CultureInfo.InvariantCulture) + 1), before?.Version ?? RecordBatch.Absent)
                    .Put(entry, Json(number), RecordBatch.Absent);
                sent = true;
                if (await host.CommitAsync(batch, cancellationToken) is { Committed: true } outcome)
                {
                    _told[entry] = outcome.Version;
                }
                else
                {
                    _refused[entry] = true;
                }

            }
            catch (SharingException e) when (e.Code is ProblemCodes.Busy or ProblemCodes.ReadOnly)
            {
                _ = sent && (_unknown[entry] = true);
                await Task.Delay(20, CancellationToken.None);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                _wrong.Add($"{worker}: {e}");
                return;
            }
            finally
            {
                Interlocked.Add(ref _ready, number == 0 ? 1 : 0);
            }
        }
    }

    /// <summary>Counts and does nothing else: nothing that stays tells that it happened.</summary>
    async Task CountAloneAsync(PostgreSqlRecordStore host, Random chance, CancellationToken cancellationToken)
    {
        var counter = RecordKey.Of("alone", $"{chance.Next(Counters)}");
        var before = await host.GetAsync(counter, cancellationToken);
        Interlocked.Increment(ref _unknownAlone);
        var outcome = await host.CommitAsync(
            new RecordBatch().Put(counter, Json(before is null ? 1 : long.Parse(before.Json.Span, CultureInfo.InvariantCulture) + 1), before?.Version ?? RecordBatch.Absent), cancellationToken);
        Interlocked.Add(ref _toldAlone, outcome.Committed ? 1 : 0);
        Interlocked.Decrement(ref _unknownAlone);
    }

    /// <summary>Deletes what nobody else has to do with: nothing but its being gone tells that it happened, and nothing can conflict.</summary>
    async Task DeleteAsync(PostgreSqlRecordStore host, int worker, int number, CancellationToken cancellationToken)
    {
        var key = RecordKey.Of("gone", $"{worker}", RecordKey.Number(number));
        var put = await host.CommitAsync(new RecordBatch().Put(key, Json(number), RecordBatch.Absent), cancellationToken);
        if (!put.Committed || await host.CommitAsync(new RecordBatch().Delete(key, put.Version), cancellationToken) is { Committed: false })
        {
            _wrong.Add($"{key} conflicts, with nobody");
        }
    }

    async Task TroubleAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(random.Next(20, 150), cancellationToken);
        switch (trouble)
        {
            case PostgresTrouble.StoppedFast or PostgresTrouble.StoppedImmediately:
                await server.StopAsync(trouble == PostgresTrouble.StoppedFast ? "fast" : "immediate");
                await Task.Delay(random.Next(200), cancellationToken);
                await server.ResumeAsync(cancellationToken);
                break;
            case PostgresTrouble.RestartLoop:
                for (var times = random.Next(2, 5); times > 0; times--)
                {
                    await server.StopAsync(random.Next(2) == 0 ? "fast" : "immediate");
                    await server.ResumeAsync(cancellationToken);
                    await Task.Delay(random.Next(50), cancellationToken);
                }

                break;
            case PostgresTrouble.SessionsEnded:
                for (var times = random.Next(2, 8); times > 0; times--)
                {
                    await EndSessionsAsync(cancellationToken);
                    await Task.Delay(random.Next(60), cancellationToken);
                }

                break;
            case PostgresTrouble.ProcessKilled:
                await server.KillSessionAsync(Name, cancellationToken);
                break;
            case PostgresTrouble.ReadOnly:
                await server.ExecuteAsync($"ALTER DATABASE {Name} SET default_transaction_read_only = on", cancellationToken: cancellationToken);
                await EndSessionsAsync(cancellationToken);
                await Task.Delay(random.Next(50, 300), cancellationToken);
                await server.ExecuteAsync($"ALTER DATABASE {Name} SET default_transaction_read_only = off", cancellationToken: cancellationToken);
                await EndSessionsAsync(cancellationToken);
                break;
            case PostgresTrouble.NoConnectionLeft:
                await server.ExecuteAsync($"ALTER DATABASE {Name} CONNECTION LIMIT 1", cancellationToken: cancellationToken);
                await EndSessionsAsync(cancellationToken);
                await Task.Delay(random.Next(50, 500), cancellationToken);
                await server.ExecuteAsync($"ALTER DATABASE {Name} CONNECTION LIMIT -1", cancellationToken: cancellationToken);
                await server.ExecuteAsync($"BEGIN; LOCK TABLE sharing.records; SELECT pg_sleep({random.Next(5, 25) / 10.0}); ROLLBACK", database, cancellationToken);
                break;
            case PostgresTrouble.Serialization:
                await server.ExecuteAsync($"ALTER DATABASE {Name} SET default_transaction_isolation = serializable", cancellationToken: cancellationToken);
                await EndSessionsAsync(cancellationToken);
                await MeddleAsync(cancellationToken);
                break;
        }
    }

    string Name => new NpgsqlConnectionStringBuilder(database).Database!;

    Task EndSessionsAsync(CancellationToken cancellationToken) =>
        server.ExecuteAsync($"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{Name}'", cancellationToken: cancellationToken);

    /// <summary>Locks rows in whatever order, so that there are deadlocks, and changes nothing in the end.</summary>
    async Task MeddleAsync(CancellationToken cancellationToken)
    {
        for (var times = random.Next(10, 30); times > 0; times--)
        {
            await using var connection = new NpgsqlConnection(database + ";Pooling=false");
            await connection.OpenAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            foreach (var counter in (int[])[random.Next(Counters), random.Next(Counters)])
            {
                await using var command = connection.CreateCommand();
                command.CommandText = $"UPDATE sharing.records SET json = json WHERE key = 'counter/{counter}'";
                try
                {
                    await command.ExecuteNonQueryAsync(cancellationToken);
                }
                catch (PostgresException)
                {
                    break; // a victim of the deadlock
                }
            }

            await transaction.RollbackAsync(CancellationToken.None);
        }
    }

    async Task<string?> CheckAsync(CancellationToken cancellationToken)
    {
        Dictionary<RecordKey, long> there = [];
        await foreach (var entry in _hosts[1].ScanAsync(RecordRange.Under("entry"), cancellationToken))
        {
            there.Add(entry.Key, entry.Version);
        }

        long counted = 0;
        await foreach (var counter in _hosts[0].ScanAsync(RecordRange.Under("counter"), cancellationToken))
        {
            counted += long.Parse(counter.Json.Span, CultureInfo.InvariantCulture);
        }

        long alone = 0;
        await foreach (var counter in _hosts[0].ScanAsync(RecordRange.Under("alone"), cancellationToken))
        {
            alone += long.Parse(counter.Json.Span, CultureInfo.InvariantCulture);
        }

        return alone < _toldAlone || alone > _toldAlone + _unknownAlone ? $"alone {alone} were counted, told {_toldAlone}, unknown {_unknownAlone}"
            : _told.FirstOrDefault(told => !there.TryGetValue(told.Key, out var version) || version != told.Value) is { Value: > 0 } lost ? $"{lost.Key} was told to be committed as {lost.Value}, and is not"
            : _refused.Keys.FirstOrDefault(there.ContainsKey) is { } refused && there.ContainsKey(refused) ? $"{refused} was told to be refused, and is there"
            : counted != there.Count ? $"{counted} were counted, and {there.Count} are there"
            : there.Values.Distinct().Count() != there.Count ? "a version was used twice"
            : there.Keys.Any(key => !_told.ContainsKey(key) && !_unknown.ContainsKey(key)) ? "something is there that nobody was told of"
            : null;
    }

    static byte[] Json(long number) => Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture));
}
