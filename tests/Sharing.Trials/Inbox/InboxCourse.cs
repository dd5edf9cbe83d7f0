using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Sharing.Core;
using Sharing.Messaging;
using Sharing.Trials.Tus;

namespace Sharing.Trials.Inbox;

/// <summary>One server, its followers and its senders, from the first start to the last look.</summary>
sealed class InboxCourse : IAsyncDisposable
{
    const int Senders = 8, Receivers = 50, MessagesOfEach = 40;

    static readonly TimeSpan s_bar = TimeSpan.FromSeconds(10);

    readonly int _subscribers;
    readonly Random _random;
    readonly JsonObject _facts;
    readonly string _folder = Directory.CreateTempSubdirectory("sharing-inbox-").FullName;
    readonly UploadChild _server;
    readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    readonly List<(long Number, string Text)>[] _got;
    readonly List<string>[] _expected;

    public InboxCourse(string server, int subscribers, Random random, JsonObject facts)
    {
        (_subscribers, _random, _facts, _server) = (subscribers, random, facts, new(server, _folder, "messages", samePort: true));
        _got = [.. Enumerable.Range(0, subscribers).Select(static _ => new List<(long, string)>())];
        _expected = [.. Enumerable.Range(0, subscribers).Select(static _ => new List<string>())];
    }

    ServerConnection Connection => new(_http, new($"http://127.0.0.1:{_server.Port}/"), static (person, _) => ValueTask.FromResult(person?.Value));

    public async Task<string?> RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await _server.StartAsync(cancellationToken);
        var (inbox, messages) = (new HttpInbox(Connection, TimeProvider.System), new HttpMessages(Connection));
        var following = Enumerable.Range(0, _subscribers).Select(i => Task.Run(() => FollowAsync(inbox, i, stop.Token), CancellationToken.None)).ToArray();
        var plans = Enumerable.Range(0, Senders).Select(_ => Enumerable.Range(0, MessagesOfEach).Select(_ => Enumerable.Range(0, Receivers).Select(_ => _random.Next(_subscribers)).Distinct().ToArray()).ToArray()).ToArray();
        var kill = _random.Next(1, Senders * MessagesOfEach);
        var sent = 0;
        var killed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var sending = plans.Select((plan, sender) => Task.Run(
            async () =>
            {
                for (var i = 0; i < plan.Length; i++)
                {
                    await SendAsync(messages, sender, i, plan[i], cancellationToken);
                    if (Interlocked.Increment(ref sent) == kill)
                    {
                        killed.SetResult();
                    }
                }
            },
            CancellationToken.None)).ToArray();
        await killed.Task.WaitAsync(cancellationToken);
        await _server.KillAsync();
        await _server.StartAsync(cancellationToken);
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(sending);
        for (var from = 0; from < _subscribers; from += Receivers) // a last one for all of them
        {
            await SendAsync(messages, Senders, from, [.. Enumerable.Range(from, Math.Min(Receivers, _subscribers - from))], cancellationToken);
        }

        var isAll = false;
        while (!isAll && Stopwatch.GetElapsedTime(started) < 10 * s_bar)
        {
            await Task.Delay(20, cancellationToken);
            isAll = Enumerable.Range(0, _subscribers).All(i => Count(i) >= _expected[i].Count);
        }

        _facts["killedAfter"] = kill;
        _facts["deliveries"] = _expected.Sum(static one => one.Count);
        _facts["allBackSeconds"] = Math.Round(Stopwatch.GetElapsedTime(started).TotalSeconds, 2);
        await stop.CancelAsync();
        await Task.WhenAll(following);
        return Enumerable.Range(0, _subscribers).Select(Wrong).FirstOrDefault(static wrong => wrong is not null);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    int Count(int subscriber)
    {
        lock (_got[subscriber])
        {
            return _got[subscriber].Count;
        }
    }

    string? Wrong(int subscriber)
    {
        var (got, expected) = (_got[subscriber], _expected[subscriber]);
        return !got.Select(static (one, i) => one.Number == i + 1).All(static isNext => isNext) ? $"The inbox of {subscriber} came with gaps or twice: {string.Join(' ', got.Select(static one => one.Number))}"
            : !got.Select(static one => one.Text).Order(StringComparer.Ordinal).SequenceEqual(expected.Order(StringComparer.Ordinal)) ? $"{subscriber} got {got.Count} of {expected.Count} messages."
            : got.GroupBy(static one => one.Text.Split(' ')[0], static one => int.Parse(one.Text.Split(' ')[1], CultureInfo.InvariantCulture)).FirstOrDefault(static one => !one.SequenceEqual(one.Order())) is { Key: var sender } ? $"{subscriber} got the messages of {sender} in another order."
            : null;
    }

    async Task FollowAsync(HttpInbox inbox, int subscriber, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var one in inbox.WatchAsync(PersonOf(subscriber), new() { After = 0 }, cancellationToken))
            {
                lock (_got[subscriber])
                {
                    _got[subscriber].Add((one.Number, one.Message?.Text ?? "resync"));
                }
            }
        }
        catch (OperationCanceledException)
        {
            // It was enough.
        }
    }

    /// <summary>Sends until it is acknowledged, by the same key.</summary>
    async Task SendAsync(HttpMessages messages, int sender, int number, int[] receivers, CancellationToken cancellationToken)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{sender} {number}");
        var draft = new MessageDraft { To = [.. receivers.Select(static one => PersonOf(one).Value)], Text = text, Resource = new() { Name = "x", Addresses = [new("https://films.example/x")] } };
        while (true)
        {
            try
            {
                await messages.SendAsync(PersonId.Parse(string.Create(CultureInfo.InvariantCulture, $"sender-{sender}")), draft, text, cancellationToken);
                break;
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                await Task.Delay(50, cancellationToken);
            }
        }

        foreach (var receiver in receivers)
        {
            lock (_expected[receiver])
            {
                _expected[receiver].Add(text);
            }
        }
    }

    static PersonId PersonOf(int subscriber) => PersonId.Parse(string.Create(CultureInfo.InvariantCulture, $"reader-{subscriber}"));
}
