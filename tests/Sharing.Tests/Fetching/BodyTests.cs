using System.IO.Compression;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Sharing.Core;

namespace Sharing.Tests.Fetching;

[Trait("Row", "S6")]
public sealed class BodyTests
{
    static Bench Open(Action<FetchOptions>? more = null, TimeProvider? time = null) => new(
        options =>
        {
            options.Configured.Add("127.0.0.1");
            more?.Invoke(options);
        },
        time);

    [Fact]
    public async Task A_gzip_answer_is_handed_over_as_it_came_and_was_not_asked_for()
    {
        using var buffer = new MemoryStream();
        await using (var gzip = new GZipStream(buffer, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(new byte[1 << 20]);
        }

        var packed = buffer.ToArray();
        await using var server = await LoopbackServer.StartAsync(async c =>
        {
            c.Response.Headers.ContentEncoding = "gzip";
            await c.Response.Body.WriteAsync(packed);
        });
        await using var bench = Open();

        using var response = await bench.GetAsync(server.Address);

        Assert.Equal(packed, await response.Content.ReadAsByteArrayAsync());
        Assert.Equal("gzip", Assert.Single(response.Content.Headers.ContentEncoding));
        Assert.Equal("identity", Assert.Single(server.Requests).Headers["Accept-Encoding"]);
    }

    [Fact]
    public async Task A_caller_may_ask_for_another_encoding()
    {
        await using var server = await LoopbackServer.StartAsync(_ => Task.CompletedTask);
        await using var bench = Open();
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Address);
        request.Headers.AcceptEncoding.ParseAdd("br");

        using var response = await bench.Client.SendAsync(request);

        Assert.Equal("br", Assert.Single(server.Requests).Headers["Accept-Encoding"]);
    }

    [Fact(Timeout = 30_000)]
    public async Task An_endless_body_is_stopped_at_the_limit()
    {
        await using var server = await LoopbackServer.StartAsync(async c =>
        {
            while (!c.RequestAborted.IsCancellationRequested)
            {
                await c.Response.Body.WriteAsync(new byte[10_000], c.RequestAborted);
            }
        });
        await using var bench = Open(options => options.MaxBytes = 1_000_000);
        using var response = await bench.GetAsync(server.Address);
        using var taken = new MemoryStream();

        var fault = await Assert.ThrowsAsync<SharingException>(() => response.Content.CopyToAsync(taken));

        Assert.NotNull(FetchRefusedException.Within(fault));
        Assert.InRange(taken.Length, 900_000, 1_000_000);
    }

    [Theory]
    [InlineData(1000, true)]
    [InlineData(1001, false)]
    public async Task The_limit_itself_is_allowed_and_a_byte_more_is_not(int length, bool allowed)
    {
        foreach (var declared in new[] { true, false })
        {
            await using var server = await LoopbackServer.StartAsync(async c =>
            {
                c.Response.ContentLength = declared ? length : null;
                await c.Response.Body.WriteAsync(new byte[length]);
            });
            await using var bench = Open(options => options.MaxBytes = 1000);

            if (allowed)
            {
                Assert.Equal(length, (await bench.Client.GetByteArrayAsync(new Uri(server.Address))).Length);
            }
            else
            {
                await bench.RefusesAsync(server.Address);
            }
        }
    }

    [Fact]
    public async Task A_head_answer_may_tell_of_more_than_the_limit()
    {
        await using var server = await LoopbackServer.StartAsync(c =>
        {
            c.Response.ContentLength = 5_000;
            return Task.CompletedTask;
        });
        await using var bench = Open(options => options.MaxBytes = 1000);
        using var request = new HttpRequestMessage(HttpMethod.Head, server.Address);

        using var response = await bench.Client.SendAsync(request);

        Assert.Equal(5_000, response.Content.Headers.ContentLength);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_body_that_stalls_is_given_up_after_the_idle_time_and_not_before()
    {
        var clock = new ManualClock();
        await using var server = RawServer.Saying("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345");
        await using var bench = Open(time: clock);
        using var response = await bench.GetAsync($"http://127.0.0.1:{server.Port}/");
        var body = await response.Content.ReadAsStreamAsync();
        var buffer = new byte[100];
        await body.ReadExactlyAsync(buffer.AsMemory(0, 5));

        // A reader who takes his time is not the sender's fault.
        clock.Advance(TimeSpan.FromHours(1));
        var read = body.ReadAsync(buffer).AsTask();
        await clock.WaitForTimerAsync(TimeSpan.FromSeconds(30));
        clock.Advance(TimeSpan.FromSeconds(29.9));
        Assert.False(read.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(0.1));

        var fault = await Assert.ThrowsAsync<SharingException>(() => read);
        Assert.Contains("No byte came", fault.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_body_that_trickles_is_given_up_after_the_total_time()
    {
        var clock = new ManualClock();
        await using var server = await LoopbackServer.StartAsync(async c =>
        {
            while (!c.RequestAborted.IsCancellationRequested)
            {
                await c.Response.Body.WriteAsync(new byte[1], c.RequestAborted);
                await c.Response.Body.FlushAsync(c.RequestAborted);
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, c.RequestAborted);
            }
        });
        await using var bench = Open(options => options.TotalTimeout = TimeSpan.FromMinutes(10), clock);
        using var response = await bench.GetAsync(server.Address);
        var body = await response.Content.ReadAsStreamAsync();

        var reads = 0;
        var fault = await Assert.ThrowsAsync<SharingException>(async () =>
        {
            while (await body.ReadAsync(new byte[10]) > 0)
            {
                reads++;
                clock.Advance(TimeSpan.FromSeconds(20));
            }
        });

        Assert.Equal(30, reads);
        Assert.Contains("did not end", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_read_is_the_callers_own()
    {
        await using var server = RawServer.Saying("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345");
        await using var bench = Open();
        using var response = await bench.GetAsync($"http://127.0.0.1:{server.Port}/");
        var body = await response.Content.ReadAsStreamAsync();
        await body.ReadExactlyAsync(new byte[5]);
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => body.ReadAsync(new byte[5], cancel.Token).AsTask());
        Assert.DoesNotContain(bench.Log, l => l.Id is 1100 or 1101);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(206)]
    [InlineData(304)]
    [InlineData(404)]
    [InlineData(412)]
    [InlineData(416)]
    public async Task Statuses_and_headers_come_through_as_they_are(int status)
    {
        var head = $"HTTP/1.1 {status} Odd\r\nContent-Type: not/a type\r\nContent-Range: bytes 1-2/3\r\nETag: \"x\"\r\nX-Own: 1\r\n";
        await using var server = RawServer.Saying(head + (status == 304 ? "\r\n" : "Content-Length: 2\r\n\r\nab"));
        await using var bench = Open();

        using var response = await bench.GetAsync($"http://127.0.0.1:{server.Port}/");

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("\"x\"", response.Headers.ETag!.Tag);
        Assert.Equal("1", Assert.Single(response.Headers.GetValues("X-Own")));
        Assert.Equal(3, response.Content.Headers.ContentRange!.Length);
        Assert.Equal("not/a type", Assert.Single(response.Content.Headers.NonValidated["Content-Type"]));
        Assert.Equal(status == 304 ? "" : "ab", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_long_upload_does_not_run_into_the_header_time_out()
    {
        var clock = new ManualClock();
        await using var server = await LoopbackServer.StartAsync(async c => await c.Request.Body.CopyToAsync(Stream.Null));
        await using var bench = Open(time: clock);
        using var content = new SlowContent(() => clock.Advance(TimeSpan.FromSeconds(20)));

        using var response = await bench.Client.PostAsync(new Uri(server.Address), content);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_flood_of_headers_or_of_interim_answers_is_given_up()
    {
        await using var headers = new RawServer(async (stream, token) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\n"u8.ToArray(), token);
            for (var i = 0; i < 100_000; i++)
            {
                await stream.WriteAsync(Encoding.Latin1.GetBytes($"X-{i}: y\r\n"), token);
            }
        });
        await using var interim = new RawServer(async (stream, token) =>
        {
            while (true)
            {
                await stream.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray(), token);
            }
        });
        await using var bench = Open(options => options.HeaderTimeout = TimeSpan.FromMilliseconds(500));

        await bench.FailsAsync($"http://127.0.0.1:{headers.Port}/");
        await bench.FailsAsync($"http://127.0.0.1:{interim.Port}/");
    }

    sealed class SlowContent(Action pause) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            for (var i = 0; i < 10; i++)
            {
                await stream.WriteAsync(new byte[1000]);
                pause();
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
