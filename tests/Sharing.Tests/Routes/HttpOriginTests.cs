using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Sharing.Core;
using Sharing.Testing;
using Sharing.Tests.Fetching;
using Sharing.Trials.Scripted;
using static Sharing.Trials.Scripted.Samples;

namespace Sharing.Tests.Routes;

/// <summary>The engine over real HTTP, through the guarded client.</summary>
[Trait("Row", "R8")]
public sealed partial class HttpOriginTests : IAsyncDisposable
{
    const string FirstTag = "\"one\"";
    const string SecondTag = "\"two\"";

    readonly TransferBench _bench = new();
    readonly Bench _client = new(options => options.Configured.Add("127.0.0.1"));
    readonly List<IAsyncDisposable> _servers = [];
    byte[] _bytes = Random(1, (30 * Group) + 5);
    string _tag = FirstTag;

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }

        await _client.DisposeAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Group)]
    [InlineData((3 * Group) + 1)]
    public async Task A_resource_arrives_with_its_name_and_type(int length)
    {
        _bytes = Random(3, length);
        var origin = await ServeAsync((context, _) =>
        {
            context.Response.Headers.ContentDisposition = "attachment; filename=film.mp4";
            return Task.CompletedTask;
        });
        await using var transfer = await _bench.StartAsync(origin);
        Assert.Equal(_bytes, await _bench.EndAsync(transfer));
        var said = (await transfer.Completion).Offer;
        Assert.Equal("film.mp4", said.Name);
        Assert.Equal("video/mp4", said.MediaType);
    }

    [Fact]
    public async Task After_a_cut_connection_the_rest_is_asked_for_by_range_and_entity_tag()
    {
        var origin = await ServeAsync(CutOnceAt((20 * Group) + 9));
        Assert.Equal(_bytes, await _bench.RunAsync(origin));
        var asked = Server.Requests.Last().Headers;
        Assert.Equal(FirstTag, asked["If-Range"]);
        Assert.Matches("^bytes=[0-9]+-$", asked["Range"]);
        Assert.False(Server.Requests.First().Headers.ContainsKey("Range"));
    }

    [Fact]
    public async Task A_resource_that_changed_meanwhile_arrives_whole_in_its_new_version()
    {
        var now = Random(2, (31 * Group) + 5);
        var origin = await ServeAsync(CutOnceAt(20 * Group, () => (_bytes, _tag) = (now, SecondTag)));
        Assert.Equal(now, await _bench.RunAsync(origin));
    }

    [Fact]
    public async Task An_origin_that_does_not_know_If_Range_is_not_spliced_either()
    {
        var now = Random(2, _bytes.Length);
        var origin = await ServeAsync(CutOnceAt(20 * Group, () => (_bytes, _tag) = (now, SecondTag)), knowsIfRange: false);
        Assert.Equal(now, await _bench.RunAsync(origin));
    }

    [Fact]
    public async Task A_resource_that_became_shorter_than_what_is_there_is_seen_by_the_416_and_fetched_anew()
    {
        var now = Random(2, 3 * Group);
        var origin = await ServeAsync(CutOnceAt(20 * Group, () => (_bytes, _tag) = (now, SecondTag)), knowsIfRange: false);
        Assert.Equal(now, await _bench.RunAsync(origin));
    }

    [Fact]
    public async Task A_416_at_the_very_end_of_the_same_version_ends_a_resource_of_unknown_length()
    {
        _bytes = Random(1, 4 * Group);
        var cut = true;
        var origin = await ServeAsync(async (context, _) =>
        {
            if (cut)
            {
                cut = false;
                context.Response.Headers.ETag = _tag;
                await context.Response.Body.WriteAsync(_bytes);
                await context.Response.Body.FlushAsync();
                context.Abort(); // before the end is said
            }
        });
        Assert.Equal(_bytes, await _bench.RunAsync(origin));
    }

    [Fact]
    public async Task The_library_takes_over_from_a_real_origin_in_the_middle()
    {
        var library = new ScriptedLibrary(_bytes);
        var origin = await ServeAsync(async (context, _) =>
        {
            context.Response.ContentLength = _bytes.Length;
            context.Response.Headers.ETag = _tag;
            await context.Response.Body.WriteAsync(_bytes.AsMemory(0, 10 * Group));
            await context.Response.Body.FlushAsync();
            library.Land();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        });
        Assert.Equal(_bytes, await _bench.RunAsync(origin, library));
        Assert.InRange(library.Delivered, 20 * Group, _bytes.Length);
    }

    [Theory]
    [InlineData(404, 1)]
    [InlineData(403, 1)]
    [InlineData(410, 1)]
    [InlineData(408, 4)]
    [InlineData(503, 4)]
    public async Task What_an_origin_refuses_is_not_asked_for_again_but_what_it_cannot_do_now_is(int status, int atLeast)
    {
        var origin = await ServeAsync((context, _) =>
        {
            context.Response.StatusCode = status;
            return context.Response.CompleteAsync();
        });
        Assert.Equal(ProblemCodes.NoSource, (await _bench.FailsAsync(origin)).Code);
        Assert.True(atLeast == 1 ? Server.Requests.Count == 1 : Server.Requests.Count >= atLeast, $"{Server.Requests.Count} requests");
    }

    [Fact]
    public async Task An_origin_that_asks_to_be_left_alone_is()
    {
        var clock = new FakeTimeProvider();
        var bench = new TransferBench(time: clock);
        var origin = await ServeAsync((context, _) =>
        {
            if (Server.Requests.Count > 1)
            {
                return Task.CompletedTask;
            }

            (context.Response.StatusCode, context.Response.Headers.RetryAfter) = (503, "120");
            return context.Response.CompleteAsync();
        });
        await using var transfer = await bench.StartAsync(origin);
        while (clock.Timers == 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        clock.Advance(TimeSpan.FromSeconds(119));
        Assert.True(clock.Timers > 0, "It does not rest any more.");
        Assert.Single(Server.Requests);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(_bytes, await bench.EndAsync(transfer));
    }

    [Fact]
    public async Task A_forbidden_address_is_not_tried_again()
    {
        await using var server = await LoopbackServer.StartAsync(context => context.Response.WriteAsync("no"));
        await using var strict = new Bench();
        Assert.Equal(ProblemCodes.NoSource, (await _bench.FailsAsync(new HttpOriginSource(strict.Client, new Uri(server.Address)))).Code);
        Assert.Single(strict.Log, line => line.Text.Contains("not open to strangers", StringComparison.Ordinal));
        Assert.Empty(server.Requests);
    }

    LoopbackServer Server => (LoopbackServer)_servers[^1];

    async Task<HttpOriginSource> ServeAsync(Func<HttpContext, byte[], Task> first, bool knowsIfRange = true)
    {
        var server = await LoopbackServer.StartAsync(async context =>
        {
            await first(context, _bytes);
            if (!context.Response.HasStarted)
            {
                await AnswerAsync(context, knowsIfRange);
            }
        });
        _servers.Add(server);
        return new HttpOriginSource(_client.Client, new Uri(server.Address + "/film.mp4"));
    }

    Task AnswerAsync(HttpContext context, bool knowsIfRange)
    {
        if (!knowsIfRange)
        {
            context.Request.Headers.Remove(HeaderNames.IfRange);
        }

        return Results.Bytes(
            _bytes, "video/mp4", entityTag: EntityTagHeaderValue.Parse(_tag), enableRangeProcessing: true).ExecuteAsync(context);
    }

    /// <summary>Says the whole length, sends so many bytes, and cuts the connection: the first time.</summary>
    Func<HttpContext, byte[], Task> CutOnceAt(int at, Action? then = null)
    {
        var first = 1;
        return async (context, bytes) =>
        {
            if (Interlocked.Exchange(ref first, 0) == 0)
            {
                return;
            }

            context.Response.ContentLength = bytes.Length;
            context.Response.Headers.ETag = _tag;
            context.Response.Headers.AcceptRanges = "bytes";
            await context.Response.Body.WriteAsync(bytes.AsMemory(0, at));
            await context.Response.Body.FlushAsync();
            then?.Invoke();
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
            context.Abort();
        };
    }
}
