using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sharing.Trials.Tus;

/// <summary>One request of tus on a connection of its own, which may end anywhere.</summary>
sealed class TusSocket : IDisposable
{
    readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    /// <summary>Sends the beginning of a request.</summary>
    public static async Task<TusSocket> OpenAsync(int port, string method, string path, CancellationToken cancellationToken, params string[] headers)
    {
        var socket = new TusSocket();
        try
        {
            await socket._socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            await socket.SendAsync(Encoding.ASCII.GetBytes(
                $"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nAuthorization: Bearer anna\r\nTus-Resumable: 1.0.0\r\n"
                + string.Concat(headers.Select(header => header + "\r\n")) + "\r\n"), cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Asks without a body.</summary>
    public static async Task<Reply> AskAsync(int port, string method, string path, CancellationToken cancellationToken, params string[] headers)
    {
        using var socket = await OpenAsync(port, method, path, cancellationToken, headers);
        return await socket.ReplyAsync(cancellationToken);
    }

    /// <summary>Begins a PATCH.</summary>
    public static Task<TusSocket> PatchAsync(int port, string path, long offset, int length, CancellationToken cancellationToken, params string[] headers) => OpenAsync(
        port, "PATCH", path, cancellationToken,
        [
            string.Create(CultureInfo.InvariantCulture, $"Upload-Offset: {offset}"), string.Create(CultureInfo.InvariantCulture, $"Content-Length: {length}"),
            "Content-Type: application/offset+octet-stream", .. headers,
        ]);

    public async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await _socket.SendAsync(bytes, cancellationToken)..];
        }
    }

    /// <summary>The head of the answer; status 0 when the connection ended without one.</summary>
    public async Task<Reply> ReplyAsync(CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            while (!text.ToString().Contains("\r\n\r\n", StringComparison.Ordinal)
                && await _socket.ReceiveAsync(buffer, cancellationToken) is var read and > 0)
            {
                text.Append(Encoding.ASCII.GetString(buffer, 0, read));
            }
        }
        catch (SocketException)
        {
            // It ended.
        }

        var lines = text.ToString().Split("\r\n");
        var headers = lines.Skip(1).Select(line => line.Split(": ", 2)).Where(parts => parts.Length == 2)
            .GroupBy(parts => parts[0], StringComparer.OrdinalIgnoreCase).ToDictionary(group => group.Key, group => group.First()[1], StringComparer.OrdinalIgnoreCase);
        return new(lines[0].Split(' ') is [_, var status, ..] ? int.Parse(status, CultureInfo.InvariantCulture) : 0, headers);
    }

    public void Dispose() => _socket.Dispose();

    internal sealed record Reply(int Status, IReadOnlyDictionary<string, string> Headers)
    {
        public long? Offset => Headers.TryGetValue("Upload-Offset", out var offset) ? long.Parse(offset, CultureInfo.InvariantCulture) : null;
    }
}
