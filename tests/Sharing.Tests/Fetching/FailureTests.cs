using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Sharing.Core;

namespace Sharing.Tests.Fetching;

public sealed class FailureTests
{
    /// <summary>Each sort of failure, and the words by which the owner's log tells it from the others.</summary>
    public static TheoryData<string, string> Sorts => new()
    {
        { "private address", "not a public address" },
        { "private name", "not a public address" },
        { "closed to strangers", "Port 22" },
        { "unknown host", "" },
        { "empty answer", "" },
        { "closed port", "refused" },
        { "no connection", "" },
        { "silent server", "in time" },
        { "hang-up", "" },
        { "garbage", "" },
        { "too many headers", "" },
        { "not TLS", "" },
        { "scheme", "Only http" },
        { "password", "password" },
        { "too many redirects", "redirects" },
        { "unreadable redirect", "cannot be read" },
        { "redirect inward", "not a public address" },
        { "declared too large", "allowed" },
        { "too large", "allowed" },
        { "body cut off", "" },
        { "body stalls", "No byte" },
        { "body too slow", "did not end" },
    };

    [Theory]
    [MemberData(nameof(Sorts))]
    [Trait("Row", "S1")]
    public async Task Every_failure_of_a_strangers_address_reads_the_same_and_only_the_log_knows_why(string sort, string reason)
    {
        await using var server = Server(sort);
        await using var bench = new Bench(options =>
        {
            options.HeaderTimeout = options.ConnectTimeout = TimeSpan.FromMilliseconds(sort is "silent server" or "no connection" ? 200 : 5000);
            options.IdleTimeout = TimeSpan.FromMilliseconds(sort == "body stalls" ? 200 : 5000);
            options.TotalTimeout = TimeSpan.FromMilliseconds(sort == "body too slow" ? 600 : 20_000);
            options.MaxBytes = 1000;
        });
        bench.Publish("public.test", "93.184.216.34", sort switch
        {
            "closed port" => ConnectionTests.ClosedPort(),
            "no connection" => Bench.Nowhere,
            _ => server.Port,
        });
        bench.Names["private.test"] = () => [IPAddress.Parse("10.0.0.1")];
        bench.Names["unknown.test"] = () => throw new SocketException((int)SocketError.HostNotFound);
        bench.Names["empty.test"] = () => [];
        var fault = await bench.FailsAsync(sort switch
        {
            "private address" => "http://[::ffff:10.0.0.1]/",
            "private name" => "http://private.test/",
            "closed to strangers" => "http://public.test:22/",
            "unknown host" => "http://unknown.test/",
            "empty answer" => "http://empty.test/",
            "scheme" => "ftp://public.test/",
            "password" => "http://user:secret@public.test/",
            "not TLS" => "https://public.test/",
            _ => "http://public.test/path?token=secret",
        });

        Assert.Equal("fetch-failed", fault.Code);
        Assert.Equal("The address could not be fetched.", fault.Message);
        Assert.NotNull(fault.InnerException);
        var line = Assert.Single(bench.Log, l => l.Id is 1100 or 1101);
        Assert.Equal(FetchRefusedException.Within(fault) is null ? 1101 : 1100, line.Id);
        Assert.Contains(reason, line.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("secret", line.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://1\u200B0.0.0.1/")]
    [InlineData("http://10\u00AD.0.0.1/")]
    [InlineData("http://\u2028.test/")]
    [InlineData("http://xn--a.test/")]
    [InlineData("http://\uFFFD/")]
    [Trait("Row", "S1")]
    public async Task A_host_that_no_name_server_could_be_asked_for_fails_like_any_other(string address)
    {
        await using var bench = new Bench { OtherNames = [IPAddress.Loopback] };
        if (Uri.TryCreate(address, UriKind.Absolute, out _))
        {
            var fault = await bench.FailsAsync(address);
            Assert.Equal((ProblemCodes.FetchFailed, FetchFailures.Message), (fault.Code, fault.Message));
        }

        Assert.Empty(bench.Dialled);
    }

    [Theory]
    [InlineData("http://10.0.0.1/")]
    [InlineData("http://unknown.test/")]
    [InlineData("http://private.test/")]
    [InlineData("http:///")]
    [Trait("Row", "S3")]
    public async Task A_configured_authority_that_points_at_a_stranger_has_nobody_told_of_the_strangers_reason(string to)
    {
        await using var server = await LoopbackServer.StartAsync(c =>
        {
            c.Response.StatusCode = 302;
            c.Response.Headers.Location = to;
            return Task.CompletedTask;
        });
        await using var bench = new Bench(options => options.Configured.Add("127.0.0.1"));
        bench.Names["private.test"] = () => [IPAddress.Parse("10.0.0.1")];
        bench.Names["unknown.test"] = () => throw new SocketException((int)SocketError.HostNotFound);

        var fault = await bench.FailsAsync(server.Address);

        Assert.Equal(FetchFailures.Message, fault.Message);
    }

    [Fact]
    public async Task A_configured_authority_is_told_of_its_reason()
    {
        var port = ConnectionTests.ClosedPort();
        await using var bench = new Bench(options => options.Configured.Add("127.0.0.1"));

        var fault = await bench.FailsAsync($"http://127.0.0.1:{port}/");

        Assert.Equal(ProblemCodes.FetchFailed, fault.Code);
        Assert.Contains("refused", fault.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_status_is_no_failure()
    {
        await using var server = await LoopbackServer.StartAsync(c =>
        {
            c.Response.StatusCode = 500;
            return c.Response.WriteAsync("sorry");
        });
        await using var bench = new Bench();
        bench.Publish("public.test", "93.184.216.34", server.Port);

        using var response = await bench.GetAsync("http://public.test/");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal("sorry", await response.Content.ReadAsStringAsync());
    }

    static RawServer Server(string sort) => sort switch
    {
        "silent server" => RawServer.Saying(""),
        "garbage" or "not TLS" => RawServer.Saying("SSH-2.0-OpenSSH_9.2\r\n\r\n"),
        "too many headers" => RawServer.Saying("HTTP/1.1 200 OK\r\n" + new StringBuilder().Insert(0, "X-Y: 0123456789\r\n", 5000)),
        "too many redirects" => RawServer.Saying("HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
        "unreadable redirect" => RawServer.Saying("HTTP/1.1 302 Found\r\nLocation: http://[::1/\r\nContent-Length: 0\r\n\r\n"),
        "redirect inward" => RawServer.Saying("HTTP/1.1 302 Found\r\nLocation: http://192.168.0.1/\r\nContent-Length: 0\r\n\r\n"),
        "declared too large" => RawServer.Saying("HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n"),
        "too large" => RawServer.Saying("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + new string('x', 2000)),
        "body stalls" => RawServer.Saying("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345"),
        "body too slow" => new RawServer(async (stream, token) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"u8.ToArray(), token);
            while (true)
            {
                await stream.WriteAsync("x"u8.ToArray(), token);
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, token);
            }
        }),
        "body cut off" => new RawServer(async (stream, token) =>
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345"u8.ToArray(), token)),
        _ => new RawServer((_, _) => Task.CompletedTask),
    };
}
