using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Sharing.Core;
using Sharing.P2P;
using Sharing.Trials.Scripted;

namespace Sharing.Trials.Hostile;

/// <summary>Records what a server is asked and answers, spoils it, and has it read.</summary>
sealed class HostileBench : IAsyncDisposable
{
    const int AtOnce = 8;

    /// <summary>Transfers mostly wait: for a host that says nothing any more.</summary>
    const int TransfersAtOnce = 64;

    /// <summary>How much more memory may be in use after a trial than after the first.</summary>
    const long MostGrowth = 64 << 20;

    static readonly TimeSpan Watchdog = TimeSpan.FromSeconds(60);

    readonly HostileServer _server;
    readonly ShareManifest _manifest;
    readonly SwarmMember _member;
    readonly byte[] _bytes;
    readonly List<(string Name, byte[] Request, byte[] Answer)> _recorded = [];
    long _memory;

    HostileBench(HostileServer server, ShareManifest manifest, SwarmMember member, byte[] bytes) => (_server, _manifest, _member, _bytes) = (server, manifest, member, bytes);

    public static async Task<HostileBench> StartAsync()
    {
        var server = await HostileServer.StartAsync();
        var bytes = Samples.Random(1, (5 * ContentTree.GroupSize) + 7);
        var member = new SwarmMember { Device = new string('a', 64), Addresses = ["11.0.0.7:7400"], Session = 5, Chunks = "0-0,2-4" };
        var manifest = (await server.Services.GetRequiredService<IShares>().OpenAsync(null, await server.ShareAsync(bytes), member.Device))!;
        var bench = new HostileBench(server, manifest, member, bytes);
        await bench.RecordAsync();
        return bench;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    public async Task<TrialOutcome> RunAsync(int frames, Random random, CancellationToken cancellationToken)
    {
        var failures = new ConcurrentQueue<string>();
        var facts = new JsonObject();
        var seen = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        facts["frames"] = frames;
        facts["texts"] = Texts(frames / 10, random, failures);
        facts["answers"] = await AnswersAsync(frames / 2, random, seen, failures, cancellationToken);
        facts["transfers"] = await TransfersAsync(frames / 10, random, failures, cancellationToken);
        facts["requests"] = await RequestsAsync(frames * 3 / 10, random, seen, failures, cancellationToken);
        foreach (var (what, count) in seen.OrderBy(static one => one.Key, StringComparer.Ordinal))
        {
            facts[what] = count;
        }

        var memory = await MemoryAsync(cancellationToken);
        _memory = _memory == 0 ? memory : _memory;
        facts["memory"] = memory;
        if (memory > _memory + MostGrowth)
        {
            failures.Enqueue($"{memory} bytes are in use, after the first trial it were {_memory}.");
        }

        return new(failures.IsEmpty ? null : string.Join('\n', failures.Take(10)), facts);
    }

    /// <summary>What is in use once all that is let go has gone: connections that end a moment later hold their buffers until then.</summary>
    async Task<long> MemoryAsync(CancellationToken cancellationToken)
    {
        var memory = GC.GetTotalMemory(forceFullCollection: true);
        for (var started = Stopwatch.GetTimestamp(); _memory > 0 && memory > _memory + MostGrowth && Stopwatch.GetElapsedTime(started) < Watchdog;)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
            memory = GC.GetTotalMemory(forceFullCollection: true);
        }

        return memory;
    }

    async Task RecordAsync()
    {
        var p = $"/p/{_manifest.Ticket}/";
        var announcement = JsonSerializer.Serialize(new(_member, _manifest.Ticket), P2PJson.Default.SwarmAnnouncement);
        var swarm = $"/v1/swarms/{_manifest.Content}/{_member.Device}";
        foreach (var (name, request) in new[]
        {
            ("content", HostileServer.Request($"GET {p}content", "Range: bytes=65536-196607\r\n")),
            ("any", HostileServer.Request($"GET {p}content", "Range: bytes=0-65535\r\nShare-Any-Of: 0+65536,131072+65536\r\n")),
            ("head", HostileServer.Request($"HEAD {p}content")),
            ("groups", HostileServer.Request($"GET {p}groups")),
            ("held", HostileServer.Request($"GET {p}held")),
            ("manifest", HostileServer.Request($"GET /v1/shares/{_manifest.Share}?device={_member.Device}")),
            ("list", HostileServer.Request("GET /v1/shares")),
            ("announce", HostileServer.Request($"PUT {swarm}", "", announcement)),
            ("leave", HostileServer.Request($"DELETE {swarm}", $"Share-Ticket: {_manifest.Ticket}\r\n")),
        })
        {
            _recorded.Add((name, request, await _server.AskAsync(request, default)));
        }

        var other = _member with { Device = new string('b', 64) }; // so that there is one to tell of
        var index = _server.Services.GetRequiredService<IChunkIndex>();
        var ticket = (await _server.Services.GetRequiredService<IShares>().OpenAsync(null, _manifest.Share, other.Device))!.Ticket;
        await index.AnnounceAsync(_manifest.Content, other, ticket);
        var at = _recorded.FindIndex(static one => one.Name == "announce");
        _recorded[at] = _recorded[at] with { Answer = await _server.AskAsync(_recorded[at].Request, default) };
    }

    /// <summary>What stands in a frame, read as it is.</summary>
    int Texts(int count, Random random, ConcurrentQueue<string> failures)
    {
        byte[][] texts = [.. new[] { _manifest.Ticket, "0+65536,131072+65536", "0-0,2-4,9-120", _manifest.Share.Value, "11.0.0.7:7400" }.Select(Encoding.UTF8.GetBytes)];
        for (var i = 0; i < count; i++)
        {
            var text = Encoding.UTF8.GetString(FrameMutation.Of(texts[random.Next(texts.Length)], texts, random));
            try
            {
                var good = Tickets.Read(text, _manifest.TicketKey, DateTimeOffset.UnixEpoch);
                if (good is not null && text != _manifest.Ticket)
                {
                    failures.Enqueue($"It passes for a ticket: {text}");
                }

                _ = (AnyOf.Read(text), ChunkSet.Parse(text), ShareId.TryParse(text, out _), Tickets.Read(_manifest.Ticket, Encoding.UTF8.GetBytes(text), DateTimeOffset.UnixEpoch));
            }
            catch (Exception e)
            {
                failures.Enqueue($"{text}: {e}");
            }
        }

        return count;
    }

    async Task<int> AnswersAsync(int count, Random random, ConcurrentDictionary<string, int> seen, ConcurrentQueue<string> failures, CancellationToken cancellationToken)
    {
        await using var client = new HostileClient();
        var all = _recorded.Select(static one => one.Answer).ToList();
        var readers = new AnswerReaders(client, _manifest, _member);
        var known = _recorded.Where(one => readers.Knows(one.Name)).ToList();
        var spoilt = new byte[]?[1];
        var host = client.Host(_ => spoilt[0]!);
        for (var i = 0; i < count; i++)
        {
            var (name, _, answer) = known[random.Next(known.Count)];
            spoilt[0] = FrameMutation.Of(answer, all, random);
            try
            {
                await readers.ReadAsync(name, host, cancellationToken).WaitAsync(Watchdog, cancellationToken);
                seen.AddOrUpdate("read", 1, static (_, n) => n + 1);
            }
            catch (Exception e) when (e is SharingException or SourceFailedException or HttpRequestException)
            {
                seen.AddOrUpdate("refused", 1, static (_, n) => n + 1);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                failures.Enqueue($"{name} {Convert.ToBase64String(spoilt[0]!.AsSpan(0, Math.Min(500, spoilt[0]!.Length)))}: {e}");
            }
        }

        return count;
    }

    async Task<int> TransfersAsync(int frames, Random random, ConcurrentQueue<string> failures, CancellationToken cancellationToken)
    {
        await using var client = new HostileClient();
        var (spoilt, transfers, all) = (0, 0, _recorded.Select(static one => one.Answer).ToList());
        IEnumerable<int> Seeds()
        {
            while (Volatile.Read(ref spoilt) < frames && transfers++ < frames)
            {
                yield return random.Next();
            }
        }

        var options = new ParallelOptions { MaxDegreeOfParallelism = TransfersAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(Seeds(), options, async (seed, token) =>
        {
            var chance = new Random(seed);
            var bytes = Samples.Random(chance.Next(), chance.Next(1, 3 * ContentTree.GroupSize));
            byte[] Spoil(byte[] answer)
            {
                Interlocked.Increment(ref spoilt);
                lock (chance)
                {
                    return chance.Next(4) == 0 ? answer : FrameMutation.Of(answer, all, chance);
                }
            }

            using var patience = CancellationTokenSource.CreateLinkedTokenSource(token);
            patience.CancelAfter(Watchdog);
            try
            {
                if (await client.TransferAsync(bytes, Spoil, patience.Token) is { } wrong)
                {
                    failures.Enqueue(wrong);
                }
            }
            catch (Exception e) when (!token.IsCancellationRequested)
            {
                failures.Enqueue($"A transfer: {e}");
            }
        });
        return transfers;
    }

    async Task<int> RequestsAsync(int count, Random random, ConcurrentDictionary<string, int> seen, ConcurrentQueue<string> failures, CancellationToken cancellationToken)
    {
        var all = _recorded.Select(static one => one.Request).ToList();
        var last = Encoding.ASCII.GetBytes("\r\n\r\nGET /v1/shares HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        var spoilt = Enumerable.Range(0, count).Select(_ => (byte[])[.. FrameMutation.Of(all[random.Next(all.Count)], all, random), .. last]).ToList();
        await Parallel.ForEachAsync(spoilt, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (request, token) =>
        {
            var answer = Encoding.Latin1.GetString(await _server.AskAsync(request, token));
            seen.AddOrUpdate(answer.Length == 0 ? "unanswered" : "answered", 1, static (_, n) => n + 1);
            if (answer.StartsWith("HTTP/1.1 5", StringComparison.Ordinal) && !answer.StartsWith("HTTP/1.1 503", StringComparison.Ordinal) && !answer.StartsWith("HTTP/1.1 505", StringComparison.Ordinal) && !answer.StartsWith("HTTP/1.1 501", StringComparison.Ordinal))
            {
                failures.Enqueue($"{Encoding.Latin1.GetString(request)}: {answer}");
            }
        });
        foreach (var error in _server.TakeErrors())
        {
            failures.Enqueue(error);
        }

        await ServesStillAsync(failures, cancellationToken);
        return count;
    }

    async Task ServesStillAsync(ConcurrentQueue<string> failures, CancellationToken cancellationToken)
    {
        for (var started = Stopwatch.GetTimestamp(); _server.Active > 0 && Stopwatch.GetElapsedTime(started) < Watchdog;)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), cancellationToken);
        }

        if (_server.Active > 0)
        {
            failures.Enqueue($"{_server.Active} requests hang.");
        }

        var (_, request, _) = _recorded[0];
        var answer = await _server.AskAsync(request, cancellationToken);
        if (!answer.AsSpan().EndsWith(_bytes.AsSpan(65536, 131072)))
        {
            failures.Enqueue($"An honest request is answered with {Encoding.Latin1.GetString(answer, 0, Math.Min(200, answer.Length))}");
        }
    }
}
