using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Sharing.Core;

namespace Sharing.Tests.Fetching;

public sealed class RetryTests
{
    static readonly ManualClock Clock = new();

    static Bench Patient(TimeProvider time, Action<FetchOptions>? more = null) => new(
        options =>
        {
            options.Configured.Add("127.0.0.1");
            options.Attempts = 3;
            more?.Invoke(options);
        },
        time);

    static Task<LoopbackServer> FailingAsync(int times, int status, string? retryAfter) => LoopbackServer.StartAsync(c =>
    {
        if (Interlocked.Decrement(ref times) >= 0)
        {
            c.Response.StatusCode = status;
            c.Response.Headers.RetryAfter = retryAfter;
        }

        return Task.CompletedTask;
    });

    [Theory]
    [InlineData(429, "7", 7)]
    [InlineData(503, "7", 7)]
    [InlineData(408, "7", 7)]
    [InlineData(500, "7", 7)]
    [InlineData(503, "Fri, 02 Jan 2026 03:04:25 GMT", 20)]
    [InlineData(503, "86400", 60)]
    [InlineData(503, "99999999999999999999", 60)]
    [InlineData(503, "Fri, 02 Jan 2099 03:04:25 GMT", 60)]
    public async Task Retry_after_is_waited_for_to_the_second_but_never_longer_than_the_limit(int status, string retryAfter, int seconds)
    {
        var clock = new ManualClock();
        await using var server = await FailingAsync(1, status, retryAfter);
        await using var bench = Patient(clock, options => options.HeaderTimeout = options.ConnectTimeout = TimeSpan.FromDays(1));

        var fetch = bench.GetAsync(server.Address);
        await clock.WaitForTimerAsync(TimeSpan.FromSeconds(seconds));
        clock.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
        await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        Assert.Single(server.Requests);
        Assert.False(fetch.IsCompleted);

        clock.Advance(TimeSpan.FromMilliseconds(1));
        using var response = await fetch;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(2, server.Requests.Count);
        Assert.Contains(bench.Log, l => l.Id == 1102 && l.Text.Contains($"status {status}", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("soon")]
    [InlineData("1.5")]
    [InlineData("Fri, 02 Jan 2015 03:04:25 GMT")]
    public void Retry_after_that_says_nothing_usable_leaves_it_to_the_back_off(string? value)
    {
        using var response = new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
        if (value is not null)
        {
            response.Headers.TryAddWithoutValidation("Retry-After", value);
        }

        Assert.Null(WaitReader.Read(response, Clock.GetUtcNow(), TimeSpan.FromMinutes(1)));
    }

    [Theory]
    [InlineData("GET", 503, 3)]
    [InlineData("HEAD", 503, 3)]
    [InlineData("GET", 200, 1)]
    [InlineData("GET", 206, 1)]
    [InlineData("GET", 304, 1)]
    [InlineData("GET", 404, 1)]
    [InlineData("GET", 412, 1)]
    [InlineData("GET", 416, 1)]
    [InlineData("POST", 503, 1)]
    [InlineData("PUT", 503, 1)]
    [InlineData("DELETE", 503, 1)]
    public async Task Only_get_and_head_are_tried_again_and_the_last_answer_is_handed_over(string method, int status, int attempts)
    {
        await using var server = await FailingAsync(int.MaxValue, status, null);
        await using var bench = Patient(TimeProvider.System, options => options.RetryDelay = TimeSpan.FromMilliseconds(1));
        using var request = new HttpRequestMessage(new HttpMethod(method), server.Address);
        request.Content = method == "POST" ? new StringContent("body") : null;

        using var response = await bench.Client.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(attempts, server.Requests.Count);
    }

    [Fact]
    public async Task A_post_whose_connection_breaks_is_not_sent_twice()
    {
        await using var server = new RawServer((_, _) => Task.CompletedTask);
        await using var bench = Patient(TimeProvider.System, options => options.RetryDelay = TimeSpan.FromMilliseconds(1));

        await Assert.ThrowsAsync<SharingException>(() => bench.Client.PostAsync(new Uri($"http://127.0.0.1:{server.Port}/"), new StringContent("x")));
        Assert.Equal(1, server.Connections);

        await bench.FailsAsync($"http://127.0.0.1:{server.Port}/");
        Assert.True(server.Connections >= 4, $"{server.Connections}");
    }

    [Theory]
    [InlineData(0, null, 503, 2)]
    [InlineData(0, "key", 503, 4)]
    [InlineData(1, null, 503, 4)]
    [InlineData(1, "key", 507, 2)]
    public async Task What_is_asked_or_has_a_key_is_sent_again_with_its_body_until_it_is_answered(int question, string? key, int status, int requests)
    {
        await using var server = await LoopbackServer.StartAsync(async c =>
        {
            using var reader = new StreamReader(c.Request.Body);
            Assert.Equal("\"What?\"", await reader.ReadToEndAsync());
            c.Response.StatusCode = status;
        });
        await using var bench = Patient(TimeProvider.System, options => (options.Attempts, options.RetryDelay) = (2, TimeSpan.FromMilliseconds(1)));
        var connection = new ServerConnection(bench.Client, new Uri(server.Address + "/"), static (_, _) => ValueTask.FromResult<string?>(null));
        for (var twice = 0; twice < 2; twice++)
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => question == 1 && key is null
                ? connection.QuestionAsync(null, "x", "What?", JsonContext.Default.String, JsonContext.Default.String, CancellationToken.None)
                : connection.SendAsync(null, HttpMethod.Post, "x", "What?", JsonContext.Default.String, JsonContext.Default.String, key, CancellationToken.None));
        }

        Assert.Equal(requests, server.Requests.Count);
    }

    [Fact]
    public async Task Answers_that_are_thrown_away_are_disposed_of()
    {
        var options = new FetchOptions { Attempts = 3, RetryDelay = TimeSpan.FromMilliseconds(1) };
        var answers = new List<Tracked>();
        using var client = new HttpMessageInvoker(new RetryingHandler(options, TimeProvider.System, NullLogger.Instance)
        {
            InnerHandler = new Failing(answers),
        });
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://public.test/");

        using var response = await client.SendAsync(request, CancellationToken.None);

        Assert.Equal([true, true, false], answers.Select(a => a.Disposed));
    }

    [Fact]
    public async Task A_refusal_is_final()
    {
        await using var bench = Patient(TimeProvider.System);
        await bench.RefusesAsync("http://10.0.0.1/");
        Assert.DoesNotContain(bench.Log, l => l.Id == 1102);
    }

    [Fact(Timeout = 30_000)]
    public async Task The_wait_ends_when_the_caller_gives_up_and_is_no_failure()
    {
        var clock = new ManualClock();
        await using var server = await FailingAsync(1, 503, "7");
        await using var bench = Patient(clock);
        using var cancel = new CancellationTokenSource();

        var fetch = bench.Client.GetAsync(new Uri(server.Address), cancel.Token);
        await clock.WaitForTimerAsync(TimeSpan.FromSeconds(7));
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetch);
        Assert.DoesNotContain(bench.Log, l => l.Id is 1100 or 1101);
    }

    [Fact(Timeout = 30_000)]
    public async Task The_total_time_out_covers_the_retries()
    {
        var clock = new ManualClock();
        await using var server = await FailingAsync(int.MaxValue, 503, "60");
        await using var bench = Patient(clock, options => options.TotalTimeout = TimeSpan.FromSeconds(90));

        var fetch = bench.FailsAsync(server.Address);
        await clock.WaitForTimerAsync(TimeSpan.FromSeconds(60));
        clock.Advance(TimeSpan.FromSeconds(60));
        await clock.WaitForTimerAsync(TimeSpan.FromSeconds(60));
        clock.Advance(TimeSpan.FromSeconds(30));

        Assert.Contains("00:01:30", (await fetch).Message, StringComparison.Ordinal);
        Assert.Equal(2, server.Requests.Count);
    }

    sealed class Failing(List<Tracked> answers) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            answers.Add(new Tracked());
            return Task.FromResult<HttpResponseMessage>(answers[^1]);
        }
    }

    sealed class Tracked() : HttpResponseMessage(HttpStatusCode.BadGateway)
    {
        public bool Disposed { get; private set; }

        protected override void Dispose(bool disposing)
        {
            Disposed = true;
            base.Dispose(disposing);
        }
    }
}

[System.Text.Json.Serialization.JsonSerializable(typeof(string))]
sealed partial class JsonContext : System.Text.Json.Serialization.JsonSerializerContext;
