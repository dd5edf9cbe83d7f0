using System.Text;

namespace Sharing.Trials.Http;

/// <summary>Requests of which something is far too much.</summary>
sealed class Oversized(int port, string token)
{
    /// <summary>The most that an endless body is sent of.</summary>
    const long MostSent = 64_000_000;

    string Own => $"Host: a\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n";

    /// <summary>Each by its name.</summary>
    public IReadOnlyDictionary<string, string> Requests => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["request line"] = $"GET /{X(9000)} HTTP/1.1\r\n{Own}\r\n",
        ["request line without end"] = "GET /" + X(1_000_000),
        ["query"] = $"GET /v1/feed?{string.Concat(Enumerable.Range(0, 9000).Select(i => $"a{i}=b&"))} HTTP/1.1\r\n{Own}\r\n",
        ["path"] = $"GET {string.Concat(Enumerable.Repeat("/a", 4500))} HTTP/1.1\r\n{Own}\r\n",
        ["header"] = $"GET /v1/feed HTTP/1.1\r\n{Own}X: {X(40_000)}\r\n\r\n",
        ["header without end"] = $"GET /v1/feed HTTP/1.1\r\n{Own}X: {X(1_000_000)}",
        ["headers"] = $"GET /v1/feed HTTP/1.1\r\n{Own}{string.Concat(Enumerable.Range(0, 200).Select(i => $"X-{i}: y\r\n"))}\r\n",
        ["cookie"] = $"GET /v1/feed HTTP/1.1\r\n{Own}Cookie: sharing={X(20_000)}\r\n\r\n",
        ["cookies"] = $"GET /v1/feed HTTP/1.1\r\n{Own}{string.Concat(Enumerable.Range(0, 100).Select(i => $"Cookie: c{i}={X(100)}\r\n"))}\r\n",
        ["body said"] = Post("application/json", "{}", "Content-Length: 10000000"),
        ["body of the last size"] = Post("application/json", "{}", "Content-Length: 9223372036854775807"),
        ["JSON depth"] = Post("application/json", string.Concat(Enumerable.Repeat("{\"a\":", 20_000))),
        ["JSON array"] = Post("application/json", "[" + string.Concat(Enumerable.Repeat("[", 100_000))),
        ["JSON text"] = Post("application/json", $"{{\"text\":\"{X(900_000)}\"}}"),
        ["form"] = Post("application/x-www-form-urlencoded", "token=" + X(900_000), path: "/sign-in"),
        ["form fields"] = Post("application/x-www-form-urlencoded", string.Concat(Enumerable.Range(0, 20_000).Select(i => $"f{i}=v&")), path: "/sign-in"),
        ["multipart parts"] = Multipart(string.Concat(Enumerable.Range(0, 5000).Select(i => $"--b\r\nContent-Disposition: form-data; name=\"f{i}\"\r\n\r\nv\r\n"))),
        ["multipart header"] = Multipart($"--b\r\nContent-Disposition: form-data; name=\"{X(200_000)}\"\r\n\r\nv\r\n"),
        ["multipart boundary"] = Post($"multipart/form-data; boundary={X(5000)}", "--b\r\n", path: "/sign-in"),
        ["multipart never begun"] = Multipart(X(900_000)),
    };

    static string X(int count) => new('x', count);

    /// <summary>Whether every one is refused, and none of them breaks anything.</summary>
    public async Task<string?> CheckAsync(CancellationToken cancellationToken)
    {
        foreach (var (name, request) in Requests)
        {
            var answers = await RawHttp.AskAsync(port, request, cancellationToken);
            if (RawHttp.StatusesOf(answers) is not ([] or [>= 400 and < 500]) || answers.EndsWith(RawHttp.Stands, StringComparison.Ordinal))
            {
                return $"{name}: {answers[..Math.Min(200, answers.Length)]}";
            }
        }

        return await CheckEndlessAsync(cancellationToken);
    }

    /// <summary>A body of which nobody says how long it is, and which has no end.</summary>
    async Task<string?> CheckEndlessAsync(CancellationToken cancellationToken)
    {
        using var raw = await RawHttp.ConnectAsync(port, cancellationToken);
        var answer = raw.ReadAsync(cancellationToken);
        var chunk = $"4000\r\n{new string(' ', 0x4000)}\r\n";
        var sent = 0L;
        var taken = await raw.TrySendAsync($"POST /v1/posts HTTP/1.1\r\n{Own}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n", cancellationToken);
        while (taken && !answer.IsCompleted && sent < MostSent)
        {
            taken = await raw.TrySendAsync(chunk, cancellationToken);
            sent += chunk.Length;
        }

        return sent < MostSent && RawHttp.StatusesOf(await answer) is [] or [413] ? null : $"endless: {sent} bytes were taken";
    }

    string Post(string type, string body, string? length = null, string path = "/v1/posts") => new StringBuilder($"POST {path} HTTP/1.1\r\n{Own}Content-Type: {type}\r\n")
        .Append(length ?? $"Content-Length: {body.Length}").Append("\r\n\r\n").Append(body).ToString();

    string Multipart(string parts) => Post("multipart/form-data; boundary=b", parts + "--b--\r\n", path: "/sign-in");
}
