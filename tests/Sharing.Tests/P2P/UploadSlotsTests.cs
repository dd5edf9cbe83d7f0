using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Sharing.Core;
using Sharing.P2P;
using Sharing.Tests.Fetching;
using Sharing.Trials.Scripted;

namespace Sharing.Tests.P2P;

/// <summary>How what a terminal can send is shared among those who ask.</summary>
[Trait("Row", "D7")]
[Collection(nameof(AloneCollection))]
public sealed class UploadSlotsTests
{
    int _taken;

    [Fact]
    public void Eight_that_take_eight_each_are_never_refused_where_there_are_64()
    {
        var slots = new UploadSlots(64, 8, new ManualClock());
        for (var i = 0; i < 64; i++)
        {
            Assert.NotNull(slots.Take($"{i % 8}"));
        }
    }

    [Fact]
    public void One_alone_does_not_get_all()
    {
        var slots = new UploadSlots(10, 4, new ManualClock());
        var taken = Enumerable.Range(0, 10).Select(_ => slots.Take("a")).ToList();
        Assert.Equal(4, taken.Count(static slot => slot is not null));
        taken[0]!.Dispose();
        taken[0]!.Dispose(); // twice is once
        Assert.NotNull(slots.Take("a"));
        Assert.Null(slots.Take("a"));
    }

    [Fact]
    public void What_becomes_free_goes_to_whoever_waits_with_fewer()
    {
        var time = new ManualClock();
        var slots = new UploadSlots(2, 2, time);
        var (first, second) = (slots.Take("a"), slots.Take("a"));
        Assert.Null(slots.Take("b"));
        first!.Dispose();
        Assert.Null(slots.Take("a")); // b waits, and has none
        Assert.NotNull(slots.Take("b"));
        second!.Dispose();
        Assert.NotNull(slots.Take("a"));
    }

    [Fact]
    public void Whoever_does_not_come_again_is_not_waited_for()
    {
        var time = new ManualClock();
        var slots = new UploadSlots(2, 2, time);
        var first = slots.Take("a");
        slots.Take("a");
        Assert.Null(slots.Take("b"));
        first!.Dispose();
        time.Advance(TimeSpan.FromSeconds(4));
        Assert.NotNull(slots.Take("a"));
    }

    [Fact]
    public void Where_those_who_are_served_take_slowly_there_are_more_until_the_uplink_is_busy()
    {
        var time = new ManualClock();
        var slots = new UploadSlots(4, 8, time, growsTo: 8);
        Assert.Equal(4, Take());
        Second(10_000_000); // more than ever: perhaps it can do still more
        Assert.Equal(1, Take());
        for (var second = 0; second < 5; second++)
        {
            Second(4_000_000);
            Take();
        }

        Assert.Equal(8, _taken);
        Second(10_000_000);
        Second(10_000_000);
        Second(10_000_000);
        Assert.Null(slots.Take("one more"));
        Assert.Equal(1, slots.Load);

        int Take()
        {
            var before = _taken;
            for (; slots.Take($"{_taken}") is not null; _taken++)
            {
            }

            return _taken - before;
        }

        void Second(long bytes)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            slots.Sent(bytes);
        }
    }

    [Fact]
    public void A_busy_uplink_gets_no_more_of_them_and_neither_does_one_that_nobody_waits_for()
    {
        var time = new ManualClock();
        var (busy, idle) = (new UploadSlots(1, 1, time, growsTo: 8), new UploadSlots(1, 1, time, growsTo: 8));
        Assert.NotNull(busy.Take("a"));
        Assert.NotNull(idle.Take("a"));
        idle.Sent(0);
        for (var second = 0; second < 10; second++)
        {
            Assert.Null(busy.Take("b"));
            time.Advance(TimeSpan.FromSeconds(1));
            busy.Sent(1_000_000);
            idle.Sent(second == 0 ? 1_000_000 : 1000);
        }

        Assert.Null(busy.Take("b"));
        Assert.Null(idle.Take("b"));
    }

    [Fact]
    public async Task Bytes_go_at_the_rate_that_was_set()
    {
        var time = new ManualClock();
        var rate = new UploadRate(1_000_000, time);
        Assert.True(rate.TakeAsync(250_000).AsTask().IsCompleted); // the bucket was full
        var next = rate.TakeAsync(100_000).AsTask();
        Assert.False(next.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(99));
        Assert.False(next.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));
        await next;
        time.Advance(TimeSpan.FromHours(1)); // and is not fuller after an hour
        Assert.True(rate.TakeAsync(250_000).AsTask().IsCompleted);
        Assert.False(rate.TakeAsync(10_000).AsTask().IsCompleted);
    }

    [Fact]
    public async Task A_terminal_takes_a_content_so_many_times_and_no_more_and_others_are_not_held_up()
    {
        await using var bench = await SwarmBench.StartAsync();
        var bytes = Samples.Random(1, 300_000);
        var share = await bench.ShareAsync(bytes);
        var holder = await bench.HolderAsync(share, static options => options.MostCopies = 2);
        var (greedy, other) = (await bench.TerminalAsync(), await bench.TerminalAsync());
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal((200, null, null), await TakeAsync(greedy, holder, share));
        }

        Assert.Equal((429, "limit-reached", "3600"), await TakeAsync(greedy, holder, share));
        Assert.Equal((429, "limit-reached", "3600"), await TakeAsync(greedy, holder, share)); // with a new ticket, too
        Assert.Equal((200, null, null), await TakeAsync(other, holder, share));
    }

    [Fact]
    public async Task Whoever_comes_when_all_slots_are_taken_is_told_to_come_again_and_gets_the_next()
    {
        await using var bench = await SwarmBench.StartAsync();
        var share = await bench.ShareAsync(Samples.Random(2, 30 * 1024 * 1024)); // more than sockets hold
        var holder = await bench.HolderAsync(share, static options => (options.UploadSlots, options.UploadSlotsEach, options.UploadBytesPerSecond) = (1, 1, 0));
        var (first, second) = (await bench.TerminalAsync(), await bench.TerminalAsync());
        using (await StandStillAsync(first, holder, share))
        {
            Assert.Equal((503, "busy", "1"), await TakeAsync(second, holder, share));
        }

        (int, string?, string?) said;
        do
        {
            said = await TakeAsync(second, holder, share);
        }
        while (said == (503, "busy", "1")); // until the other end is seen to have gone

        Assert.Equal((200, null, null), said);
    }

    [Fact]
    public async Task A_server_that_serves_others_is_asked_again_until_it_does_not()
    {
        var busy = new Busy(times: 30);
        await using var bench = await SwarmBench.StartAsync(services: services => services.AddSingleton<IStartupFilter>(busy));
        var bytes = Samples.Random(4, 300_000);
        var share = await bench.ShareAsync(bytes);
        var terminal = await bench.TerminalAsync(services: static services => services.Configure<TransferOptions>(static transfers => transfers.FirstRest = TimeSpan.FromMilliseconds(1)));
        Assert.Equal(bytes, await terminal.EndAsync(await terminal.FetchAsync(await terminal.OpenAsync(share))));
        Assert.True(busy.Left < 0);
    }

    [Fact]
    public async Task Two_hundred_terminals_that_listen_cost_less_than_a_mebibyte_each()
    {
        const int Listeners = 200;
        await using var bench = await SwarmBench.StartAsync();
        var share = await bench.ShareAsync(Samples.Random(3, 1_000_000));
        var holder = await bench.HolderAsync(share, static options => options.WatchersEach = 2 * Listeners); // of no terminal, and from one place
        var ticket = (await new HttpShares(bench.Server.Connect()).OpenAsync(null, share, null))!.Ticket;
        var open = new List<SslStream> { await ListenAsync(holder, ticket) };
        var (managed, whole) = (GC.GetTotalMemory(forceFullCollection: true), Environment.WorkingSet);
        try
        {
            while (open.Count <= Listeners)
            {
                open.Add(await ListenAsync(holder, ticket));
            }

            var each = (GC.GetTotalMemory(forceFullCollection: true) - managed) / Listeners;
            var resident = (Environment.WorkingSet - whole) / Listeners;
            TestContext.Current.SendDiagnosticMessage($"{each} bytes managed, {resident} bytes resident for each, both ends");
            Assert.InRange(each, 0, 1024 * 1024);
            Assert.InRange(resident, long.MinValue, 1024 * 1024);
        }
        finally
        {
            open.ForEach(static stream => stream.Dispose());
        }
    }

    static async Task<(int Status, string? Problem, string? RetryAfter)> TakeAsync(TerminalNode from, TerminalNode at, ShareId share)
    {
        using var response = await AskAsync(from, at, share);
        var body = await response.Content.ReadAsStringAsync();
        var problem = response.IsSuccessStatusCode ? null : (string?)System.Text.Json.Nodes.JsonNode.Parse(body)!["type"];
        return ((int)response.StatusCode, problem?["urn:sharing:problem:".Length..], response.Headers.RetryAfter?.ToString());
    }

    static async Task<HttpResponseMessage> StandStillAsync(TerminalNode from, TerminalNode at, ShareId share)
    {
        var response = await AskAsync(from, at, share);
        await (await response.Content.ReadAsStreamAsync()).ReadExactlyAsync(new byte[1]);
        return response;
    }

    static async Task<HttpResponseMessage> AskAsync(TerminalNode from, TerminalNode at, ShareId share)
    {
        var address = from.Get<PeerAddresses>().Tell(await at.Get<DeviceIdentity>().NameAsync(), [at.EndPoint]);
        return await from.Http(GuardedClient.Peers).GetAsync(new Uri(address, $"p/{(await from.OpenAsync(share)).Ticket}/content"), HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>Says so many times that it is busy.</summary>
    sealed class Busy(int times) : IStartupFilter
    {
        int _left = times;

        public int Left => Volatile.Read(ref _left);

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, following) =>
            {
                if (!context.Request.Path.Value!.EndsWith("/content", StringComparison.Ordinal) || Interlocked.Decrement(ref _left) < 0)
                {
                    return following(context);
                }

                (context.Response.StatusCode, context.Response.Headers.RetryAfter) = (503, "0");
                return Task.CompletedTask;
            });
            next(app);
        };
    }

    static async Task<SslStream> ListenAsync(TerminalNode at, string ticket)
    {
        var socket = new TcpClient();
        await socket.ConnectAsync(at.EndPoint);
        var secure = new SslStream(socket.GetStream());
        await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "terminal", RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null });
        await secure.WriteAsync(Encoding.ASCII.GetBytes($"GET /p/{ticket}/held HTTP/1.1\r\nHost: a\r\n\r\n"));
        var heard = new StringBuilder();
        var buffer = new byte[1024];
        while (!heard.ToString().Contains("state", StringComparison.Ordinal))
        {
            var read = await secure.ReadAsync(buffer);
            heard.Append(Encoding.ASCII.GetString(buffer, 0, read));
            Assert.True(read > 0, heard.ToString());
        }

        return secure;
    }
}
