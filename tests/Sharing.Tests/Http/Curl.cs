using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Sharing.Tests.Http;

/// <summary>Asks with the real curl.</summary>
static class Curl
{
    const int Tries = 30; // on a loaded machine the reset wins for a while

    const int TimedOut = 28;

    // Could not send, could not receive: a server that answers before it has read everything closes, and the reset may overtake its answer (RFC 9112, 9.6).
    static readonly int[] Reset = [55, 56];

    public static async Task<(int Status, IReadOnlyDictionary<string, string> Headers, string Body)> RunAsync(byte[]? body, params string[] args)
    {
        for (var tries = 1; ; tries++)
        {
            var (code, text, errors) = await TryAsync(body, args);
            if (text.Length > 0)
            {
                return Parse(text);
            }

            if (code == TimedOut)
            {
                throw new TimeoutException(errors);
            }

            Assert.True(tries < Tries && Reset.Contains(code), $"curl got no answer: {errors}");
        }
    }

    static async Task<(int Code, string Text, string Errors)> TryAsync(byte[]? body, string[] args)
    {
        var start = new ProcessStartInfo("curl") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var arg in new[] { "-sS", "-i", "--http1.1", "--max-time", "60", "--path-as-is", "--globoff" }.Concat(body is null ? [] : ["--data-binary", "@-"]).Concat(args))
        {
            start.ArgumentList.Add(arg);
        }

        using var curl = Process.Start(start)!;
        var errors = curl.StandardError.ReadToEndAsync();
        var output = ReadAsync(curl.StandardOutput.BaseStream);
        try
        {
            await curl.StandardInput.BaseStream.WriteAsync(body ?? []);
            curl.StandardInput.Close();
        }
        catch (IOException)
        {
            // It had its answer before it had read everything.
        }

        var text = await output;
        await curl.WaitForExitAsync();
        return (curl.ExitCode, text, await errors);
    }

    /// <summary>The last response in what came over a connection.</summary>
    public static (int Status, IReadOnlyDictionary<string, string> Headers, string Body) Parse(string text)
    {
        while (text.StartsWith("HTTP/1.1 100", StringComparison.Ordinal))
        {
            text = text[(text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        }

        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var lines = text[..end].Split("\r\n");
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in lines[1..])
        {
            headers[line[..line.IndexOf(':', StringComparison.Ordinal)]] = line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
        }

        return (int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture), headers, text[(end + 4)..]);
    }

    static async Task<string> ReadAsync(Stream stream)
    {
        using var all = new MemoryStream();
        await stream.CopyToAsync(all);
        return Encoding.UTF8.GetString(all.ToArray());
    }
}
