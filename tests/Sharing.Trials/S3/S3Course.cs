using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Sharing.Core;
using Sharing.S3;

namespace Sharing.Trials.S3;

/// <summary>One trial: workers on two hosts put, append, read and delete while the store, or a host, has its trouble. What was told is compared with what is there, and what
/// one sweep leaves with what the records name.</summary>
sealed class S3Course : IAsyncDisposable
{
    const int Workers = 6;
    const int Operations = 8;
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(120), s_soon = TimeSpan.FromMilliseconds(400);
    static readonly string[] s_names = ["host0", "host1"];

    readonly ShiftedClock _clock = new();
    readonly MemoryRecordStore _records = new();
    readonly ConcurrentDictionary<ContentId, byte[]> _told = new();
    readonly ConcurrentDictionary<ContentId, bool> _deleted = new(), _maybeDeleted = new();
    readonly ConcurrentDictionary<string, (byte[] Bytes, long Offset)> _uploads = new(StringComparer.Ordinal);
    readonly ConcurrentBag<string> _wrong = [];
    readonly S3Trouble _trouble;
    readonly Random _random;
    readonly JsonObject _facts;
    S3Stub _stub = null!;
    HostRecords[] _views = null!;
    S3ContentStore[] _hosts = null!;

    public S3Course(S3Trouble trouble, Random random, JsonObject facts) => (_trouble, _random, _facts) = (trouble, random, facts);

    /// <returns>What is wrong; <c>null</c>: nothing.</returns>
    public async Task<string?> RunAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(s_patience);
        _stub = await S3Stub.StartAsync(_clock, new Random(_random.Next()));
        _stub.Percent = _random.Next(5, 30);
        _views = [.. s_names.Select(_ => new HostRecords(_records, new Random(_random.Next())))];
        _hosts = [.. s_names.Select((name, i) => new S3ContentStore(_stub.Options(name) with { Timeout = _trouble == S3Trouble.NeverAnswers ? s_soon : s_patience }, _views[i], _clock))];
        _stub.Trouble = _trouble;
        var workers = Enumerable.Range(0, Workers).Select(worker => (Worker: worker, Random: new Random(_random.Next())))
            .Select(each => Task.Run(() => WorkAsync(each.Worker, each.Random, patience.Token), patience.Token)).ToList();
        if (_trouble == S3Trouble.HostDies)
        {
            await Task.Delay(_random.Next(2, 50), patience.Token);
            _views[0].Kill();
            _stub.Kill(s_names[0]);
        }

        await Task.WhenAll(workers);
        _stub.Trouble = null;
        (_facts["trouble"], _facts["troubles"], _facts["told"], _facts["deleted"], _facts["uploads"]) =
            (_trouble.ToString(), _stub.Troubles, _told.Count, _deleted.Count, _uploads.Count);
        return _wrong.FirstOrDefault() ?? await CheckAsync(patience.Token);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts ?? [])
        {
            await host.DisposeAsync();
        }

        await (_stub?.DisposeAsync() ?? default);
    }

    async Task WorkAsync(int worker, Random random, CancellationToken cancellationToken)
    {
        for (var number = 0; number < Operations; number++)
        {
            var host = _hosts[(worker + (random.Next(4) == 0 ? 1 : 0)) % _hosts.Length];
            try
            {
                await (random.Next(10) switch
                {
                    < 4 => PutAsync(host, random, cancellationToken),
                    < 7 => AppendAsync(_uploads.Keys.FirstOrDefault(key => key.StartsWith($"up-{worker}-", StringComparison.Ordinal)) ?? $"up-{worker}-{number}", random, cancellationToken),
                    < 9 => ReadAsync(host, random, cancellationToken),
                    _ => DeleteAsync(host, random, cancellationToken),
                });
            }
            catch (Exception fault) when (fault is IOException or SharingException { Code: ProblemCodes.Conflict or ProblemCodes.Busy })
            {
                // Told; what it was about may have happened or not.
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                _wrong.Add($"{worker}: {fault}");
                return;
            }
        }
    }

    static byte[] Bytes(Random random)
    {
        var bytes = new byte[random.Next(4) switch { 0 => random.Next(100), 1 => random.Next(70_000), _ => random.Next(60_000, 400_000) }];
        new Random(random.Next(1_000)).NextBytes(bytes); // now and then the same
        return bytes;
    }

    async Task PutAsync(S3ContentStore host, Random random, CancellationToken cancellationToken)
    {
        var bytes = Bytes(random);
        var info = await host.PutAsync(new MemoryStream(bytes), cancellationToken: cancellationToken);
        if (!_deleted.ContainsKey(info.Id) && !_maybeDeleted.ContainsKey(info.Id))
        {
            _told[info.Id] = bytes;
        }
    }

    /// <summary>Appends to the worker's upload, each time on whichever host, some of it in one go; and publishes what is whole.</summary>
    async Task AppendAsync(string key, Random random, CancellationToken cancellationToken)
    {
        var (bytes, offset) = _uploads.GetOrAdd(key, _ => (Bytes(random), 0));
        for (var steps = random.Next(1, 4); steps > 0; steps--)
        {
            await using var partial = await _hosts[random.Next(_hosts.Length)].OpenPartialAsync(key, cancellationToken);
            var there = await partial.FlushAsync(cancellationToken);
            if (there < offset || there > bytes.Length)
            {
                _wrong.Add($"{key}: {offset} bytes were durable, and {there} are there");
                return;
            }

            var more = (int)Math.Min(bytes.Length - there, random.Next(200_000));
            for (var at = (int)there; at < there + more; at += 30_000)
            {
                await partial.WriteAsync(ContentArea.Data, at, bytes.AsMemory(at, (int)Math.Min(30_000, there + more - at)), cancellationToken);
            }

            if (there + more < bytes.Length)
            {
                offset = await partial.FlushAsync(cancellationToken);
                _uploads[key] = (bytes, offset);
                continue;
            }

            await partial.WriteAsync(ContentArea.Groups, 0, Hashes(bytes, out var info), cancellationToken);
            _uploads.TryRemove(key, out _); // whether it is published or not is not known from here on
            await partial.PublishAsync(info, cancellationToken);
            if (!_deleted.ContainsKey(info.Id) && !_maybeDeleted.ContainsKey(info.Id))
            {
                _told[info.Id] = bytes;
            }

            return;
        }
    }

    static byte[] Hashes(byte[] bytes, out ContentInfo info)
    {
        using var memory = new MemoryStream();
        var tree = new ContentTreeBuilder();
        var (groups, hash) = (ContentTree.GroupCount(bytes.Length), new byte[ContentId.Size]);
        for (var group = 0L; group < groups; group++)
        {
            var start = (int)(group * ContentTree.GroupSize);
            GroupHashing.Hash(bytes.AsSpan(start, ContentTree.GroupLength(bytes.Length, group)), group, groups == 1, hash);
            memory.Write(hash);
            GroupHashes.Add(tree, hash);
        }

        info = new(GroupHashes.Fold(tree), bytes.Length);
        return memory.ToArray();
    }

    async Task ReadAsync(S3ContentStore host, Random random, CancellationToken cancellationToken)
    {
        if (_told.ToArray() is not { Length: > 0 } told)
        {
            return;
        }

        var (id, bytes) = told[random.Next(told.Length)];
        await using var reader = await host.OpenAsync(id, cancellationToken);
        if (reader is null)
        {
            if (!_maybeDeleted.ContainsKey(id))
            {
                _wrong.Add($"{id} was told to be there, and is not");
            }

            return;
        }

        if (!await SameAsync(reader, bytes, cancellationToken))
        {
            _wrong.Add($"{id} was read wrongly");
        }
    }

    static async Task<bool> SameAsync(IContentReader reader, byte[] bytes, CancellationToken cancellationToken)
    {
        var (read, groups) = (new byte[bytes.Length + 1], Hashes(bytes, out _));
        return await reader.ReadUpToAsync(ContentArea.Data, 0, read, cancellationToken) == bytes.Length && read.AsSpan(0, bytes.Length).SequenceEqual(bytes)
            && await reader.ReadUpToAsync(ContentArea.Groups, 0, new byte[groups.Length + 1], cancellationToken) == groups.Length;
    }

    async Task DeleteAsync(S3ContentStore host, Random random, CancellationToken cancellationToken)
    {
        if (_told.ToArray() is not { Length: > 0 } told)
        {
            return;
        }

        var (id, _) = told[random.Next(told.Length)];
        _maybeDeleted[id] = true; // for good: others may be putting the same
        _told.TryRemove(id, out _);
        await host.DeleteAsync(id, cancellationToken);
        _deleted[id] = true;
    }

    async Task<string?> CheckAsync(CancellationToken cancellationToken)
    {
        await using var fresh = new S3ContentStore(_stub.Options("fresh"), _records, _clock);
        if (await KeptAsync(fresh, cancellationToken) is { } lost)
        {
            return lost;
        }

        foreach (var (key, (bytes, offset)) in _uploads)
        {
            await using var partial = await fresh.OpenPartialAsync(key, cancellationToken);
            var there = await partial.FlushAsync(cancellationToken);
            var read = new byte[there];
            if (there < offset || there > bytes.Length || await partial.ReadUpToAsync(ContentArea.Data, 0, read, cancellationToken) != there || !read.AsSpan().SequenceEqual(bytes.AsSpan(0, (int)there)))
            {
                return $"{key}: {offset} bytes were told to be durable, and {there} are there";
            }
        }

        return await SweepAsync(fresh, cancellationToken);
    }

    /// <summary>One sweep, and a look at what is left.</summary>
    async Task<string?> SweepAsync(S3ContentStore fresh, CancellationToken cancellationToken)
    {
        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
        }

        _clock.Shift += TimeSpan.FromDays(30);
        var references = new ContentReferences(_records, fresh, _clock);
        _facts["halves"] = _stub.Uploads;
        if (_trouble == S3Trouble.StaleList)
        {
            // What old lists say costs time and no byte.
            (_stub.Trouble, _stub.Percent) = (_trouble, 100);
            await SweepOnceAsync();
            await fresh.QuarantineStraysAsync(cancellationToken);
            _facts["troubles"] = _stub.Troubles;
            _stub.Trouble = null;
        }

        await SweepOnceAsync();
        if (_stub.Uploads > 0)
        {
            return $"{_stub.Uploads} uploads in parts are left after a sweep";
        }

        HashSet<string> named = new(StringComparer.Ordinal);
        await foreach (var record in _records.ScanAsync(S3Records.Objects, cancellationToken))
        {
            named.UnionWith(ObjectNames.All(new(ContentId.Parse(record.Key.Part(0)), S3Records.ReadObject(record).Name)));
        }

        _facts["strays"] = _stub.Objects.Count(key => !named.Contains(key));
        await fresh.QuarantineStraysAsync(cancellationToken);
        await foreach (var id in fresh.ListQuarantinedAsync(cancellationToken))
        {
            await fresh.DropQuarantinedAsync(id, cancellationToken);
        }

        await foreach (var record in _records.ScanAsync(S3Records.Partials, cancellationToken))
        {
            return $"{record.Key} is left after a sweep";
        }

        return _stub.Objects.FirstOrDefault(key => !named.Contains(key)) is { } stray ? $"{stray} is left, and nothing names it" : await KeptAsync(fresh, cancellationToken);

        Task SweepOnceAsync() => references.SweepAsync(
            static _ => { }, new SweepOptions { Grace = TimeSpan.FromDays(1_000), PartialAge = TimeSpan.FromDays(7), AtLeast = 1_000_000 }, cancellationToken);
    }

    async Task<string?> KeptAsync(S3ContentStore fresh, CancellationToken cancellationToken)
    {
        foreach (var (id, bytes) in _told.Where(told => !_maybeDeleted.ContainsKey(told.Key)))
        {
            await using var reader = await fresh.OpenAsync(id, cancellationToken);
            if (reader is null || !await SameAsync(reader, bytes, cancellationToken))
            {
                return $"{id} was told to be there, and {(reader is null ? "is not" : "is wrong")}";
            }
        }

        return null;
    }

    sealed class ShiftedClock : TimeProvider
    {
        public TimeSpan Shift { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Shift;
    }
}
