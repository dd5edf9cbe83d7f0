using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sharing.Tour;

/// <summary>An SMTP server (RFC 5321) that delivers nothing and keeps everything.</summary>
public sealed class MailSink : IAsyncDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly List<(string To, string Text)> _mails = [];

    MailSink()
    {
        _listener.Start();
        _ = ListenAsync();
    }

    /// <summary>Starts one.</summary>
    public static MailSink Start() => new();

    /// <summary>Where it listens.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>What has come for somebody, as it was sent.</summary>
    public IReadOnlyList<string> For(string address)
    {
        lock (_mails)
        {
            return [.. _mails.Where(mail => mail.To == address).Select(static mail => mail.Text)];
        }
    }

    async Task ListenAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // it was stopped
        }
    }

    async Task ServeAsync(TcpClient client)
    {
        using var connection = client;
        using var reader = new StreamReader(client.GetStream(), Encoding.Latin1);
        await using var writer = new StreamWriter(client.GetStream(), Encoding.ASCII) { NewLine = "\r\n", AutoFlush = true };
        var to = "";
        await writer.WriteLineAsync("220 tour");
        while (await reader.ReadLineAsync() is { } line)
        {
            switch (line.Split(' ', ':')[0].ToUpperInvariant())
            {
                case "RCPT":
                    to = line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..line.IndexOf('>', StringComparison.Ordinal)];
                    await writer.WriteLineAsync("250 OK");
                    break;
                case "DATA":
                    await writer.WriteLineAsync("354 Go on");
                    var text = new StringBuilder();
                    while (await reader.ReadLineAsync() is { } part and not ".")
                    {
                        text.AppendLine(part.StartsWith("..", StringComparison.Ordinal) ? part[1..] : part);
                    }

                    lock (_mails)
                    {
                        _mails.Add((to, text.ToString()));
                    }

                    await writer.WriteLineAsync("250 OK");
                    break;
                case "QUIT":
                    await writer.WriteLineAsync("221 Bye");
                    return;
                default:
                    await writer.WriteLineAsync("250 OK");
                    break;
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _listener.Stop();
        return ValueTask.CompletedTask;
    }
}
