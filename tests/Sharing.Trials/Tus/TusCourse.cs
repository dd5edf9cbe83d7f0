using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sharing.Core;
using Sharing.Sqlite;

namespace Sharing.Trials.Tus;

/// <summary>One trial: a few uploads, each through misfortunes of its own, and a server that is killed meanwhile.</summary>
sealed class TusCourse(string assembly, Random random, JsonObject facts) : IAsyncDisposable
{
    const int Uploads = 3;
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(120), LongestLock = TimeSpan.FromSeconds(10);

    readonly string _folder = Directory.CreateTempSubdirectory("sharing-").FullName;
    readonly List<TusSocket> _halfOpen = [];
    readonly SemaphoreSlim _alive = new(1);
    readonly List<(string Path, byte[] Bytes)> _uploads = [];
    UploadChild _server = null!;
    TimeSpan _longest;
    int _kills, _requests;

    /// <returns>What is wrong; <c>null</c>: nothing.</returns>
    public async Task<string?> RunAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        _server = new(assembly, _folder);
        await _server.StartAsync(patience.Token);
        for (var i = 0; i < Uploads; i++)
        {
            var bytes = new byte[random.Next(4) == 0 ? random.Next(1, 5) * 65_536 : random.Next(1, 400_000)];
            random.NextBytes(bytes);
            _uploads.Add((await CreateAsync(bytes.Length, patience.Token), bytes));
        }

        var gaveUp = await CreateAsync(random.Next(100_000), patience.Token);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(patience.Token);
        var killing = KillAsync(new Random(random.Next()), stop.Token);
        string?[] wrong;
        try
        {
            wrong = await Task.WhenAll(_uploads.Select(upload => new Random(random.Next())).Zip(_uploads)
                .Select(pair => UploadAsync(pair.Second.Path, pair.Second.Bytes, pair.First, patience.Token)));
        }
        finally
        {
            await stop.CancelAsync();
            await killing;
            _halfOpen.ForEach(socket => socket.Dispose());
        }

        await AskAsync("DELETE", gaveUp, patience.Token);
        await _server.KillAsync();
        (facts["kills"], facts["requests"], facts["longestLockMs"]) = (_kills, _requests, (int)_longest.TotalMilliseconds);
        return wrong.FirstOrDefault(one => one is not null)
            ?? (_longest > LongestLock ? $"an upload was held for {_longest}" : null)
            ?? await CheckAsync(patience.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await (_server?.DisposeAsync() ?? default);
        _alive.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    async Task<string> CreateAsync(int length, CancellationToken cancellationToken)
    {
        var reply = await TusSocket.AskAsync(
            _server.Port, "POST", "/v1/uploads/things", cancellationToken, string.Create(CultureInfo.InvariantCulture, $"Upload-Length: {length}"), "Content-Length: 0");
        return reply.Status == 201 ? new Uri(reply.Headers["Location"]).AbsolutePath : throw new InvalidOperationException($"POST: {reply.Status}");
    }

    /// <summary>Kills the server some times while uploads run.</summary>
    async Task KillAsync(Random chance, CancellationToken cancellationToken)
    {
        try
        {
            for (var kills = chance.Next(3); kills > 0; kills--)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(chance.Next(5, 250)), TimeProvider.System, cancellationToken);
                await _alive.WaitAsync(cancellationToken);
                try
                {
                    await _server.KillAsync();
                    _kills++;
                    await _server.StartAsync(CancellationToken.None);
                }
                finally
                {
                    _alive.Release();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The uploads are done.
        }
    }

    /// <summary>Brings one upload to its end, whatever comes between.</summary>
    async Task<string?> UploadAsync(string path, byte[] bytes, Random chance, CancellationToken cancellationToken)
    {
        for (var misfortunes = chance.Next(3, 9); misfortunes > 0; misfortunes--)
        {
            var offset = await StandsAtAsync(path, cancellationToken);
            if (offset > bytes.Length)
            {
                return $"{path} stands at {offset} of {bytes.Length}";
            }

            await TryAsync(() => new Misfortune(path, bytes, (int)offset, chance, _server.Port, Keep).MeetAsync(cancellationToken));
            Interlocked.Increment(ref _requests);
        }

        while (true)
        {
            var offset = (int)await StandsAtAsync(path, cancellationToken);
            if (offset == bytes.Length)
            {
                var reply = await AskAsync("HEAD", path, cancellationToken);
                return reply.Headers.GetValueOrDefault("Upload-Result") == IdOf(bytes).ToString() ? null : $"{path} became {reply.Headers.GetValueOrDefault("Upload-Result")}";
            }

            await TryAsync(async () =>
            {
                using var socket = await TusSocket.PatchAsync(_server.Port, path, offset, bytes.Length - offset, cancellationToken);
                await socket.SendAsync(bytes.AsMemory(offset), cancellationToken);
                await socket.ReplyAsync(cancellationToken);
            });
        }
    }

    void Keep(TusSocket halfOpen)
    {
        lock (_halfOpen)
        {
            _halfOpen.Add(halfOpen);
        }
    }

    /// <summary>Where the upload stands; how long that takes to be said, while the server lives, is how long it was held.</summary>
    async Task<long> StandsAtAsync(string path, CancellationToken cancellationToken) =>
        (await AskAsync("HEAD", path, cancellationToken)).Offset ?? throw new InvalidOperationException($"HEAD {path} told no offset.");

    async Task<TusSocket.Reply> AskAsync(string method, string path, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await _alive.WaitAsync(cancellationToken);
            _alive.Release();
            var (began, kills) = (Stopwatch.GetTimestamp(), _kills);
            TusSocket.Reply? reply = null;
            await TryAsync(async () => reply = await TusSocket.AskAsync(_server.Port, method, path, cancellationToken));
            if (reply is not { Status: not 0 })
            {
                continue;
            }

            var took = Stopwatch.GetElapsedTime(began);
            _longest = kills == _kills && took > _longest ? took : _longest;
            return reply.Status is 200 or 204 ? reply : throw new InvalidOperationException($"{method} {path}: {reply.Status}");
        }
    }

    static async Task TryAsync(Func<Task> request)
    {
        try
        {
            await request();
        }
        catch (SocketException)
        {
            // The server was killed, or broke off what was displaced.
        }
    }

    /// <summary>What the dead server left: every upload kept once, bit-identical, and the room that was counted.</summary>
    async Task<string?> CheckAsync(CancellationToken cancellationToken)
    {
        await using var records = new SqliteRecordStore(new() { Path = Path.Combine(_folder, "sharing.db") });
        await using var store = new FolderContentStore(Path.Combine(_folder, "content"));
        foreach (var (path, bytes) in _uploads)
        {
            var id = IdOf(bytes);
            var kept = await records.GetAsync(RecordKey.Of("kept", path.Split('/')[^1]), cancellationToken);
            if (kept is null || JsonSerializer.Deserialize<string>(kept.Json.Span) != id.ToString())
            {
                return $"{path} was not kept as {id}";
            }

            await using var reader = await store.OpenAsync(id, cancellationToken);
            var stored = new byte[bytes.Length];
            if (reader is null || await ReadAsync(reader, stored, cancellationToken) != bytes.Length || !stored.AsSpan().SequenceEqual(bytes))
            {
                return $"{path} is not bit-identical";
            }
        }

        var space = await records.GetAsync(RecordKey.Of("space", "anna"), cancellationToken);
        var counted = _uploads.Sum(upload => (long)upload.Bytes.Length);
        var used = space is null ? 0 : JsonDocument.Parse(space.Json).RootElement.GetProperty("bytes").GetInt64();
        await new ContentReferences(records, store, TimeProvider.System).SweepAsync(static _ => { }, new() { PartialAge = TimeSpan.Zero }, cancellationToken); // what a kill left of a part before it was checked
        var partials = Directory.GetFiles(Path.Combine(_folder, "content", "partial"));
        return used != counted ? $"{used} bytes are counted, and not {counted}" : partials.Length > 0 ? $"{Path.GetFileName(partials[0])} was left" : null;
    }

    static async Task<int> ReadAsync(IContentReader reader, byte[] buffer, CancellationToken cancellationToken)
    {
        var done = 0;
        while (done < buffer.Length && await reader.ReadAsync(ContentArea.Data, done, buffer.AsMemory(done), cancellationToken) is var read and > 0)
        {
            done += read;
        }

        return done;
    }

    static ContentId IdOf(byte[] bytes)
    {
        var hash = new byte[Blake3.HashSize];
        Blake3.Hash(bytes, hash);
        return new(hash);
    }
}
