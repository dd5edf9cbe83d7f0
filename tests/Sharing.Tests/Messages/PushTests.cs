using System.Diagnostics;
using Sharing.Core;
using Sharing.Messaging;
using Sharing.Tests.Hosting;
using static Sharing.Tests.Messages.MessageServer;

namespace Sharing.Tests.Messages;

/// <summary>What arrives is told as it arrives: in order, once, without gaps.</summary>
[Trait("Row", "M9")]
public sealed class PushTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task Curl_is_told_of_everything_in_order_and_goes_on_after_its_last_event()
    {
        await using var server = await StartAsync();
        await SendAsync(server, 1, 2);
        using (var curl = Curl(server, "v1/inbox/events?after=0"))
        {
            Assert.Equal([1, 2], await IdsAsync(curl, 2));
            await SendAsync(server, 3, 3);
            Assert.Equal([3], await IdsAsync(curl, 1));
            curl.Kill();
        }

        await SendAsync(server, 4, 6);
        using var again = Curl(server, "v1/inbox/events", "-H", "Last-Event-ID: 3");
        Assert.Equal([4, 5, 6], await IdsAsync(again, 3));
        again.Kill();
    }

    [Fact(Timeout = 60_000)]
    public async Task Whoever_watches_gets_each_message_once_while_many_send_and_the_connection_is_cut_again_and_again()
    {
        await using var server = await StartAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var got = new List<long>();
        var watching = Task.Run(
            async () =>
            {
                await foreach (var one in server.Inbox.WatchAsync(Ben, new() { After = 0 }, stop.Token))
                {
                    got.Add(one.Number);
                    if (got.Count == 200)
                    {
                        return;
                    }
                }
            },
            Cancel);
        await Parallel.ForEachAsync(Enumerable.Range(0, 200), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Cancel }, async (i, token) =>
            await server.Host.Get<IMessages>().SendAsync(i % 2 == 0 ? Anna : Carl, new() { To = ["ben"], Resource = Film, Text = $"{i}" }, cancellationToken: token));
        await watching.WaitAsync(TimeSpan.FromSeconds(40), TimeProvider.System, Cancel);
        Assert.Equal(Enumerable.Range(1, 200).Select(static i => (long)i), got);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_cursor_that_is_too_old_is_told_to_look_anew_and_then_gets_what_is_kept()
    {
        await using var server = await StartAsync();
        await SendAsync(server, 1, 3);
        server.Clock.Advance(TimeSpan.FromDays(31));
        await SendAsync(server, 4, 5);
        await server.SweepAsync();
        using var curl = Curl(server, "v1/inbox/events?after=1");
        var lines = await LinesAsync(curl, static line => line == "id: 5");
        Assert.Equal(["id: 3", "event: resync", "data: {\"number\":3}"], lines.Take(3));
        Assert.Equal(["id: 3", "id: 4", "id: 5"], lines.Where(static line => line.StartsWith("id: ", StringComparison.Ordinal)));
        curl.Kill();
        var events = server.Inbox.WatchAsync(Ben, new() { After = 1 }, Cancel).Take(3);
        Assert.Equal([(3, false), (4, true), (5, true)], await events.Select(static one => (one.Number, one.Message is not null)).ToListAsync(Cancel));
    }

    [Fact(Timeout = 60_000)]
    public async Task In_the_pauses_both_ends_see_that_the_other_is_there()
    {
        await using var server = await StartAsync();
        using var curl = Curl(server, "v1/inbox/events");
        await UntilAsync(() => server.Host.Get<PushHub>().Count == 1);
        for (var i = 0; i < 2; i++)
        {
            var line = curl.StandardOutput.ReadLineAsync(Cancel).AsTask();
            while (!line.IsCompleted)
            {
                server.Clock.Advance(TimeSpan.FromSeconds(15));
                await Task.WhenAny(line, Task.Delay(50, Cancel));
            }

            Assert.Equal(i == 0 ? ":" : "", await line);
        }

        curl.Kill();
        await UntilAsync(() => server.Host.Get<PushHub>().Count == 0, () => server.Clock.Advance(TimeSpan.FromSeconds(15)));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_reader_who_stands_still_costs_no_queue_and_gets_everything_when_he_goes_on()
    {
        await using var server = await StartAsync();
        using var response = await server.Host.Http.SendAsync(Request(server, "v1/inbox/events?after=0"), HttpCompletionOption.ResponseHeadersRead, Cancel);
        await using var stream = await response.Content.ReadAsStreamAsync(Cancel);
        var text = new string('x', MessageDraft.MostText);
        for (var i = 0; i < 1500; i++) // more than any buffer on the way takes
        {
            await server.Host.Get<IMessages>().SendAsync(Anna, new() { To = ["ben"], Resource = Film, Text = text }, cancellationToken: Cancel);
        }

        using var reader = new StreamReader(stream);
        var next = 1;
        while (next <= 1500 && await reader.ReadLineAsync(Cancel) is { } line)
        {
            if (line.StartsWith("id: ", StringComparison.Ordinal))
            {
                Assert.Equal($"id: {next++}", line);
            }
        }

        Assert.Equal(1501, next);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_beat_that_comes_together_with_a_message_hides_it_from_nobody()
    {
        var (records, clock) = (new MemoryRecordStore(), new Testing.FakeTimeProvider());
        using var hub = new PushHub(records, clock);
        var log = new Core.EventLog(records, "x");
        using var follower = await hub.FollowAsync("x", static (entry, _) => ValueTask.FromResult<ReadOnlyMemory<byte>>("1"u8.ToArray()), Cancel);
        var output = new System.IO.Pipelines.Pipe();
        using var reader = new StreamReader(output.Reader.AsStream());
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var writing = follower.WriteAsync(0, output.Writer, stop.Token);
        for (var i = 1; i <= 2000; i++)
        {
            var batch = new RecordBatch();
            await log.AppendAsync(batch, WorkLoop.NoPayload, Cancel);
            await records.CommitAsync(batch, Cancel);
            var beating = Task.Run(() => clock.Advance(TimeSpan.FromSeconds(15)), Cancel);
            hub.Touch("x");
            string? line;
            do
            {
                line = await reader.ReadLineAsync(Cancel).AsTask().WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, Cancel);
            }
            while (!line!.StartsWith("id: ", StringComparison.Ordinal));

            Assert.Equal($"id: {i}", line);
            await beating;
        }

        await stop.CancelAsync();
        await writing.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, Cancel);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_host_that_stops_ends_its_streams()
    {
        var server = await StartAsync();
        using var curl = Curl(server, "v1/inbox/events");
        await UntilAsync(() => server.Host.Get<PushHub>().Count == 1);
        await server.Host.StopAsync(Cancel);
        await curl.WaitForExitAsync(Cancel);
        await server.DisposeAsync();
    }

    static async Task SendAsync(MessageServer server, int first, int last)
    {
        for (var i = first; i <= last; i++)
        {
            await server.Messages.SendAsync(Anna, new() { To = ["ben"], Resource = Film, Text = $"{i}" }, cancellationToken: Cancel);
        }
    }

    static HttpRequestMessage Request(MessageServer server, string path) => new(HttpMethod.Get, new Uri(server.Host.Address, path)) { Headers = { Authorization = new("Bearer", SharingHost.TokenOf(Ben)) } };

    static Process Curl(MessageServer server, string path, params string[] more) => Process.Start(
        new ProcessStartInfo("curl", ["-sN", "-H", $"Authorization: Bearer {SharingHost.TokenOf(Ben)}", .. more, new Uri(server.Host.Address, path).ToString()]) { RedirectStandardOutput = true })!;

    static async Task<List<string>> LinesAsync(Process curl, Predicate<string> isLast)
    {
        List<string> lines = [];
        while ((lines.Count == 0 || !isLast(lines[^1])) && await curl.StandardOutput.ReadLineAsync(Cancel) is { } line)
        {
            lines.Add(line);
        }

        return lines;
    }

    static async Task<List<int>> IdsAsync(Process curl, int count)
    {
        List<int> ids = [];
        await LinesAsync(curl, line =>
        {
            if (line.StartsWith("id: ", StringComparison.Ordinal))
            {
                ids.Add(int.Parse(line[4..], System.Globalization.CultureInfo.InvariantCulture));
            }

            return ids.Count == count;
        });
        return ids;
    }

    static async Task UntilAsync(Func<bool> holds, Action? meanwhile = null)
    {
        while (!holds())
        {
            meanwhile?.Invoke();
            await Task.Delay(20, Cancel);
        }
    }
}
