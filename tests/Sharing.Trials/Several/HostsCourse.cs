using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Sharing.Core;
using Sharing.Messaging;
using Sharing.Offline;
using Sharing.P2P;

namespace Sharing.Trials.Several;

/// <summary>One trial: people upload, send, befriend and look in, each request at whichever host, while one of the hosts is killed. What was acknowledged is there, once; who may not is never let in.</summary>
sealed class HostsCourse(HostsFleet fleet, int trial, Random random, JsonObject facts, Func<int, Task<int>>? end = null)
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(120);

    readonly ConcurrentDictionary<string, byte[]> _shares = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, long> _uploads = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, bool> _texts = new(StringComparer.Ordinal);
    readonly ConcurrentBag<string> _wrong = [];
    volatile Friendship _friendship = new(IsCertain: false, AreFriends: false);
    int _looks;

    /// <returns>What is wrong; <c>null</c>: nothing.</returns>
    public async Task<string?> RunAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(s_patience);
        var before = await LastAsync(patience.Token);
        using var stop = new CancellationTokenSource();
        Task[] workers =
        [
            .. Enumerable.Range(0, 2).Select(worker => WorkAsync(chance => UploadAsync(chance, patience.Token), stop.Token)),
            .. Enumerable.Range(0, 2).Select(worker => WorkAsync(chance => SendAsync(worker, chance, patience.Token), stop.Token)),
            WorkAsync(chance => ChangeFriendshipAsync(chance, patience.Token), stop.Token),
            .. Enumerable.Range(0, 2).Select(_ => WorkAsync(chance => LookInAsync(chance, patience.Token), stop.Token)),
        ];
        var victim = random.Next(fleet.Connections.Count);
        await Task.Delay(random.Next(300, 1_500), patience.Token);
        var killed = await (end ?? fleet.KillAsync)(victim);
        await Task.Delay(random.Next(200, 1_200), patience.Token);
        await fleet.StartAsync(victim, patience.Token);
        await Task.Delay(random.Next(100, 500), patience.Token);
        await stop.CancelAsync();
        await Task.WhenAll(workers);
        (facts["victim"], facts["killed"], facts["shares"], facts["messages"], facts["looks"], facts["unfinished"]) = (victim, killed, _shares.Count, _texts.Count, _looks, _uploads.Count);
        return _wrong.FirstOrDefault() ?? await CheckAsync(before, patience.Token);
    }

    Task WorkAsync(Func<Random, Task> act, CancellationToken stop)
    {
        var chance = new Random(random.Next());
        return Task.Run(
            async () =>
            {
                try
                {
                    while (!stop.IsCancellationRequested)
                    {
                        await act(chance);
                    }
                }
                catch (Exception fault)
                {
                    _wrong.Add($"{fault}");
                }
            },
            CancellationToken.None);
    }

    /// <summary>Uploads a file in parts, each to another host; now and then it is left unfinished.</summary>
    async Task UploadAsync(Random chance, CancellationToken cancellationToken)
    {
        var bytes = new byte[chance.Next(1, 600_000)];
        chance.NextBytes(bytes);
        var (name, audience) = (Convert.ToBase64String("file.bin"u8), Convert.ToBase64String("friends"u8));
        var path = await fleet.AnywhereAsync(chance, async host =>
        {
            using var answer = await host.SendAsync(HostsFleet.Anna, Request(host, HttpMethod.Post, $"v1/uploads/{IShares.Purpose}", ("Upload-Length", Text(bytes.Length)), ("Upload-Metadata", $"filename {name},audience {audience}")), cancellationToken);
            return new Uri(host.Server, answer!.Headers.Location!).AbsolutePath.TrimStart('/');
        }, cancellationToken);
        string? share = null;
        for (long offset = 0; share is null;)
        {
            var part = (int)Math.Min(bytes.Length - offset, chance.Next(1, 300_000));
            (offset, share) = await fleet.AnywhereAsync(chance, async host =>
            {
                var there = await OffsetAsync(host, path, cancellationToken);
                if (there.Result is not null)
                {
                    return there;
                }

                if (there.Offset < offset)
                {
                    throw new InvalidOperationException($"{path}: {offset} bytes were acknowledged, and {there.Offset} are there.");
                }

                part = (int)Math.Min(bytes.Length - there.Offset, part);
                var request = Request(host, HttpMethod.Patch, path, ("Upload-Offset", Text(there.Offset)));
                request.Content = new ByteArrayContent(bytes, (int)there.Offset, part) { Headers = { ContentType = new MediaTypeHeaderValue("application/offset+octet-stream") } };
                using var answer = await host.SendAsync(HostsFleet.Anna, request, cancellationToken);
                return Read(answer!);
            }, cancellationToken);
            _uploads[path] = offset;
            if (share is null && chance.Next(12) == 0)
            {
                return;
            }
        }

        _uploads.TryRemove(path, out _);
        _shares[share] = bytes;
    }

    static async Task<(long Offset, string? Result)> OffsetAsync(ServerConnection host, string path, CancellationToken cancellationToken)
    {
        using var answer = await host.SendAsync(HostsFleet.Anna, Request(host, HttpMethod.Head, path), cancellationToken);
        return answer is null ? throw new InvalidOperationException($"{path} is gone.") : Read(answer);
    }

    static (long Offset, string? Result) Read(HttpResponseMessage answer) => (
        long.Parse(answer.Headers.GetValues("Upload-Offset").First(), CultureInfo.InvariantCulture),
        answer.Headers.TryGetValues("Upload-Result", out var result) ? Uri.UnescapeDataString(result.First()) : null);

    static HttpRequestMessage Request(ServerConnection host, HttpMethod method, string path, params ReadOnlySpan<(string Name, string Value)> headers)
    {
        var request = new HttpRequestMessage(method, new Uri(host.Server, path));
        request.Headers.Add("Tus-Resumable", "1.0.0");
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Sends Ben a message: by the same key until it is acknowledged.</summary>
    async Task SendAsync(int worker, Random chance, CancellationToken cancellationToken)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{trial} {worker} {_texts.Count} {chance.Next()}");
        var draft = new MessageDraft { To = ["ben"], Text = text, Resource = new() { Name = "x", Addresses = [new("https://films.example/x")] } };
        await fleet.AnywhereAsync(chance, host => new HttpMessages(host).SendAsync(HostsFleet.Anna, draft, text, cancellationToken), cancellationToken);
        _texts[text] = true;
        await Task.Delay(chance.Next(10), cancellationToken);
    }

    async Task ChangeFriendshipAsync(Random chance, CancellationToken cancellationToken)
    {
        foreach (var friends in (bool[])[false, true])
        {
            _friendship = new(IsCertain: false, friends);
            await TellAsync(HostsFleet.Anna, HostsFleet.Ben);
            await TellAsync(HostsFleet.Ben, HostsFleet.Anna);
            _friendship = new(IsCertain: true, friends);
            await Task.Delay(chance.Next(50, 250), cancellationToken);

            Task<bool> TellAsync(PersonId one, PersonId other) => fleet.AnywhereAsync(chance, async host =>
            {
                await new HttpRelationships(host).BefriendAsync(one, other, friends, cancellationToken);
                return true;
            }, cancellationToken);
        }
    }

    /// <summary>Somebody who is no friend is never let in; a friend always, unless that is just changing.</summary>
    async Task LookInAsync(Random chance, CancellationToken cancellationToken)
    {
        if (_shares.Keys.ToArray() is not { Length: > 0 } shares)
        {
            await Task.Delay(20, cancellationToken);
            return;
        }

        var (share, before, person) = (ShareId.Parse(shares[chance.Next(shares.Length)]), _friendship, chance.Next(2) == 0 ? HostsFleet.Ben : HostsFleet.Cara);
        var isLetIn = await fleet.AnywhereAsync(chance, async host => await new HttpShares(host).OpenAsync(person, share, null, cancellationToken) is not null, cancellationToken);
        Interlocked.Increment(ref _looks);
        if (person == HostsFleet.Cara ? isLetIn : ReferenceEquals(before, _friendship) && before.IsCertain && isLetIn != before.AreFriends)
        {
            _wrong.Add($"{person} was {(isLetIn ? "let in" : "shut out")} at {share}.");
        }
    }

    async Task<long> LastAsync(CancellationToken cancellationToken)
    {
        var after = 0L;
        while (true)
        {
            var page = await new HttpInbox(fleet.Connections[0], TimeProvider.System).ReadAsync(HostsFleet.Ben, new() { After = after, Count = InboxQuery.Most }, cancellationToken);
            if (page.Messages.Count == 0)
            {
                return after;
            }

            after = page.Next;
        }
    }

    async Task<string?> CheckAsync(long after, CancellationToken cancellationToken)
    {
        foreach (var host in fleet.Connections)
        {
            List<string> texts = [];
            for (var from = after; ;)
            {
                var page = await new HttpInbox(host, TimeProvider.System).ReadAsync(HostsFleet.Ben, new() { After = from, Count = InboxQuery.Most }, cancellationToken);
                if (page.Messages.Count == 0)
                {
                    break;
                }

                texts.AddRange(page.Messages.Select(static message => message.Text ?? ""));
                from = page.Next;
            }

            if (texts.Count != texts.Distinct(StringComparer.Ordinal).Count() || _texts.Keys.Except(texts, StringComparer.Ordinal).FirstOrDefault() is not null)
            {
                return $"{host.Server}: {texts.Count} messages, {texts.Distinct(StringComparer.Ordinal).Count()} of them different, and {_texts.Keys.Except(texts, StringComparer.Ordinal).Count()} of {_texts.Count} are missing";
            }
        }

        var shared = await new HttpShares(fleet.Connections[random.Next(fleet.Connections.Count)]).ListAsync(HostsFleet.Anna, cancellationToken).ToDictionaryAsync(static file => file.Id.ToString(), StringComparer.Ordinal, cancellationToken);
        foreach (var (share, bytes) in _shares)
        {
            if (!shared.TryGetValue(share, out var file))
            {
                return $"the share {share} is lost";
            }

            await using var reader = await fleet.Contents.OpenAsync(file.Content, cancellationToken);
            var read = new byte[bytes.Length];
            if (reader is null || await reader.ReadUpToAsync(ContentArea.Data, 0, read, cancellationToken) != bytes.Length || !read.AsSpan().SequenceEqual(bytes))
            {
                return $"the bytes of {share} are {(reader is null ? "lost" : "wrong")}";
            }
        }

        foreach (var (path, offset) in _uploads)
        {
            if (await OffsetAsync(fleet.Connections[random.Next(fleet.Connections.Count)], path, cancellationToken) is var there && there.Offset < offset)
            {
                return $"{path}: {offset} bytes were acknowledged, and {there.Offset} are there";
            }
        }

        return null;
    }

    sealed record Friendship(bool IsCertain, bool AreFriends);
}
