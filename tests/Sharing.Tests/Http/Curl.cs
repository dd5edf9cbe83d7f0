using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Sharing.Tests.Http;

/// <summary>Asks with the real curl.</summary>
static class Curl
{
    public static async Task<(int Status, IReadOnlyDictionary<string, string> Headers, string Body)> RunAsync(byte[]? body, params string[] args)
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
        Assert.True(text.Length > 0, $"curl got no answer: {await errors}");
        return Parse(text);
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
