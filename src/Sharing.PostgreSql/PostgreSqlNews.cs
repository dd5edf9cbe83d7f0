using Npgsql;

namespace Sharing.PostgreSql;

/// <summary>Tells the other hosts which kinds of records have changed here, and hears it from them, by NOTIFY and LISTEN.</summary>
/// <remarks>
/// <para>Told after the commit, on a connection of its own, and what happened meanwhile at once: a NOTIFY within a transaction would make all commits of the database wait for each other's disk.
/// News that are lost (a host that dies in between, a connection that breaks) cost a delay: whoever waits looks at the records from time to time, and is woken for everything when the
/// connection is there again.</para>
/// <para>Thread-safe.</para>
/// </remarks>
sealed class PostgreSqlNews : IAsyncDisposable
{
    const int LongestPayload = 7900; // of 8,000 bytes
    static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(20), Pause = TimeSpan.FromSeconds(1), Forget = TimeSpan.FromMinutes(5);

    readonly NpgsqlDataSource _source;
    readonly string _channel;
    readonly string _forget;
    readonly string _host = Guid.NewGuid().ToString("n");
    readonly RecordSignals _signals = new();
    readonly TaskCompletionSource _listens = new(TaskCreationOptions.RunContinuationsAsynchronously); // or could not the first time
    readonly Lock _lock = new();
    readonly SemaphoreSlim _news = new(0, 1);
    readonly CancellationTokenSource _end = new();
    HashSet<string> _changed = new(StringComparer.Ordinal);
    Task? _telling, _hearing;

    /// <param name="source">Where it is told and heard. Belongs to this.</param>
    /// <param name="schema">The schema of the records.</param>
    /// <param name="marks">The marks of commits, of which the old ones go now and then.</param>
    public PostgreSqlNews(NpgsqlDataSource source, string schema, string marks) =>
        (_source, _channel, _forget) = (source, schema + "_changes", $"DELETE FROM {marks} WHERE at < now() - interval '10 minutes'");

    public void Tell(RecordBatch batch)
    {
        _signals.Wake(batch);
        Add(batch.Changes.Where(static change => change.Kind != RecordChangeKind.Check).Select(static change => change.Key.Kind));
        if (_telling is null)
        {
            lock (_lock)
            {
                _telling ??= Task.Run(() => LoopAsync(TellAsync), CancellationToken.None);
            }
        }
    }

    public async ValueTask<long> WaitAsync(string kind, long seen, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _hearing ??= Task.Run(() => LoopAsync(HearAsync), CancellationToken.None);
        }

        await _listens.Task.WaitAsync(cancellationToken); // what happens after the first answer is heard of
        return await _signals.WaitAsync(kind, seen, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_telling ?? Task.CompletedTask, _hearing ?? Task.CompletedTask);
        await _source.DisposeAsync();
    }

    async Task LoopAsync(Func<Task> act)
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                await act();
            }
            catch (Exception)
            {
                // Whatever it was, it is tried again as long as there is a host: a loop that ended would leave all others without news.
                _listens.TrySetResult();
                await Task.Delay(Pause, TimeProvider.System, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    async Task TellAsync()
    {
        await using var connection = await _source.OpenConnectionAsync(_end.Token);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT pg_notify($1, $2)";
        command.Parameters.AddWithValue(_channel);
        var payload = new NpgsqlParameter<string>();
        command.Parameters.Add(payload);
        for (var forgot = 0L; ;)
        {
            await _news.WaitAsync(_end.Token);
            HashSet<string> changed;
            lock (_lock)
            {
                (changed, _changed) = (_changed, new(StringComparer.Ordinal));
            }

            try
            {
                foreach (var part in Payloads(changed))
                {
                    payload.TypedValue = part;
                    await command.ExecuteNonQueryAsync(_end.Token);
                }
            }
            catch
            {
                Add(changed);
                throw;
            }

            if (forgot == 0 || TimeProvider.System.GetElapsedTime(forgot) > Forget)
            {
                forgot = TimeProvider.System.GetTimestamp();
                await using var forget = connection.CreateCommand();
                forget.CommandText = _forget;
                await forget.ExecuteNonQueryAsync(_end.Token);
            }

            await Task.Delay(Rest, TimeProvider.System, _end.Token); // what comes meanwhile is told at once
        }
    }

    void Add(IEnumerable<string> kinds)
    {
        lock (_lock)
        {
            _changed.UnionWith(kinds);
            if (_changed.Count > 0 && _news.CurrentCount == 0)
            {
                _news.Release();
            }
        }
    }

    IEnumerable<string> Payloads(HashSet<string> kinds)
    {
        var payload = _host;
        foreach (var kind in kinds)
        {
            if (payload.Length + kind.Length > LongestPayload)
            {
                yield return payload;
                payload = _host;
            }

            payload += " " + kind;
        }

        yield return payload;
    }

    async Task HearAsync()
    {
        await using var connection = await _source.OpenConnectionAsync(_end.Token);
        connection.Notification += (_, heard) =>
        {
            var words = heard.Payload.Split(' ');
            if (words[0] != _host)
            {
                _signals.Wake(words.Skip(1));
            }
        };
        await using (var listen = connection.CreateCommand())
        {
            listen.CommandText = $"LISTEN \"{_channel}\"";
            await listen.ExecuteNonQueryAsync(_end.Token);
        }

        if (!_listens.TrySetResult())
        {
            _signals.WakeAll(); // whatever happened while nobody listened
        }

        while (true)
        {
            await connection.WaitAsync(_end.Token);
        }
    }
}
