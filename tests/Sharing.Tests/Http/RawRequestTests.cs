using System.Net.Sockets;
using System.Text;

namespace Sharing.Tests.Http;

/// <summary>Requests that no HTTP client would send.</summary>
public sealed class RawRequestTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    string Token => $"Authorization: Bearer {server.TokenOf(Actor.Owner)}\r\n";

    /// <summary>These the web server itself refuses, before any endpoint is chosen: the answer has no body at all, and so tells nothing.</summary>
    [Theory]
    [InlineData("GET /v1/feed HTTP/1.1\r\nHost: a\r\nX: {40000}\r\n\r\n", 431)]
    [InlineData("GET /v1/feed HTTP/1.1\r\nHost: a\r\n{200 headers}\r\n", 431)]
    [InlineData("GET /{9000} HTTP/1.1\r\nHost: a\r\n\r\n", 414)]
    [InlineData("GET /v1/feed HTTP/1.1\r\n\r\n", 400)]
    [InlineData("GET /v1/feed HTTP/9.9\r\nHost: a\r\n\r\n", 505)]
    [InlineData("HEAd /v1/feed HTTP/1.1\r\nHost: a\r\n\r\n", 501)]
    [InlineData("GET\r\n\r\n", 400)]
    [InlineData("GET /v1/posts/%00 HTTP/1.1\r\nHost: a\r\n\r\n", 400)]
    [InlineData("nonsense\r\n\r\n", 400)]
    [InlineData("GET /v1/feed HTTP/1.1\r\nHost: a\r\nX y: z\r\n\r\n", 400)]
    [InlineData("GET /v1/feed HTTP/1.1\r\nHost: a\r\nX: a\u0000b\r\n\r\n", 400)]
    [InlineData("POST /v1/posts HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcde", 400)]
    [InlineData("POST /v1/posts HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", 400)]
    [InlineData("POST /v1/posts HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n", 400)]
    [InlineData("POST /v1/posts HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: nonsense\r\n\r\n", 400)]
    [InlineData("POST /v1/posts HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400)]
    [InlineData("POST /v1/posts HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400)]
    [InlineData("POST /v1/posts HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400)]
    [InlineData("POST /v1/posts HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400)]
    [InlineData("GET /v1/feed HTTP/1.1\nHost: a\n\n", 400)]
    public async Task What_is_no_request_is_refused_without_a_word(string request, int status)
    {
        var headers = string.Concat(Enumerable.Range(0, 200).Select(i => $"X-{i}: y\r\n"));
        var raw = request.Replace("{40000}", new string('x', 40_000), StringComparison.Ordinal)
            .Replace("{9000}", new string('x', 9000), StringComparison.Ordinal).Replace("{200 headers}", headers, StringComparison.Ordinal);
        var answer = Curl.Parse(await SendAsync(raw));
        Assert.Equal((status, ""), (answer.Status, answer.Body));
    }

    [Theory]
    [InlineData("5\r\n{\"a\":\r\nnonsense\r\n")]
    [InlineData("FFFFFFFFFFFFFFFFF\r\n")]
    [InlineData("-1\r\n\r\n")]
    public async Task A_body_in_broken_chunks_is_a_problem(string chunks)
    {
        var answer = Curl.Parse(await SendAsync(
            $"POST /v1/posts HTTP/1.1\r\nHost: a\r\n{Token}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}"));
        Assert.Equal(400, answer.Status);
        ProblemAssert.IsProblem(Unchunked(answer.Body), 400, chunks, ProblemCodes.InvalidInput);
    }

    [Fact]
    public async Task A_body_that_is_shorter_than_promised_is_no_share()
    {
        using var client = await ConnectAsync();
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /v1/posts HTTP/1.1\r\nHost: a\r\n{Token}Content-Type: application/json\r\nContent-Length: 500\r\n\r\n{{}}"));
        client.Client.Shutdown(SocketShutdown.Send);
        var answer = await ReadAsync(stream);
        Assert.True(answer.Length == 0 || Curl.Parse(answer).Status == 400, answer);
    }

    [Fact]
    public async Task Endless_JSON_is_cut_with_a_problem()
    {
        using var client = await ConnectAsync();
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /v1/posts HTTP/1.1\r\nHost: a\r\n{Token}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n{{\"text\":\r\n"));
        var chunk = Encoding.ASCII.GetBytes($"4000\r\n{(' ' + new string(' ', 0x3FFF))}\r\n");
        var sent = 0L;
        var answer = ReadAsync(stream);
        try
        {
            while (!answer.IsCompleted && sent < 64_000_000)
            {
                await stream.WriteAsync(chunk, TestContext.Current.CancellationToken);
                sent += chunk.Length;
            }
        }
        catch (IOException)
        {
            // Cut.
        }

        Assert.True(sent < 64_000_000, "The body was taken without end.");
        var parsed = Curl.Parse(await answer);
        Assert.Equal(413, parsed.Status);
        ProblemAssert.IsProblem(Unchunked(parsed.Body), 413, "endless", ProblemCodes.TooLarge);
    }

    [Fact]
    public async Task A_request_in_absolute_form_and_a_strange_host_make_no_other_link()
    {
        var body = """{"resource":{"address":"http://films.example/a.bin","name":"a.bin"},"audience":{"kind":"everyone"}}""";
        var answer = Curl.Parse(await SendAsync(
            $"POST http://evil.example/v1/posts HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: evil.example\r\n{Token}Content-Type: application/json\r\n"
            + $"Content-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}"));
        Assert.Equal(201, answer.Status);
        Assert.DoesNotContain("evil.example", answer.Body, StringComparison.Ordinal);
        Assert.Contains($"\"{server.Address}d/", answer.Body, StringComparison.Ordinal);
    }

    static string Unchunked(string body) => body.IndexOf('{', StringComparison.Ordinal) is var start and >= 0 ? body[start..(body.LastIndexOf('}') + 1)] : body;

    async Task<TcpClient> ConnectAsync()
    {
        var client = new TcpClient();
        await client.ConnectAsync(server.Address.Host, server.Address.Port);
        return client;
    }

    async Task<string> SendAsync(string request)
    {
        using var client = await ConnectAsync();
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        return await ReadAsync(stream);
    }

    /// <summary>What comes until the connection ends, or until nothing more comes for a moment.</summary>
    static async Task<string> ReadAsync(NetworkStream stream)
    {
        using var all = new MemoryStream();
        var buffer = new byte[16 * 1024];
        try
        {
            while (true)
            {
                using var patience = new CancellationTokenSource(all.Length == 0 ? TimeSpan.FromSeconds(30) : TimeSpan.FromSeconds(2));
                var read = await stream.ReadAsync(buffer, patience.Token);
                if (read == 0)
                {
                    break;
                }

                all.Write(buffer, 0, read);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // What came, came.
        }

        return Encoding.UTF8.GetString(all.ToArray());
    }
}
