using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Sharing.Trials.Http;

/// <summary>A connection that says what it is told to, request or not.</summary>
sealed partial class RawHttp : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly Socket _socket;

    RawHttp(Socket socket) => _socket = socket;

    /// <param name="port">On loopback.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="room">How many bytes of an answer the system takes before anybody reads them; 0: as it likes.</param>
    public static async Task<RawHttp> ConnectAsync(int port, CancellationToken cancellationToken, int room = 0)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (room > 0)
            {
                socket.ReceiveBufferSize = room;
            }

            await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            return new RawHttp(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends all of it, and takes what comes until the connection ends.</summary>
    public static async Task<string> AskAsync(int port, string request, CancellationToken cancellationToken)
    {
        using var raw = await ConnectAsync(port, cancellationToken);
        var answer = raw.ReadAsync(cancellationToken);
        await raw.TrySendAsync(request, cancellationToken);
        return await answer;
    }

    public void Dispose() => _socket.Dispose();

    /// <returns>Whether somebody takes it still.</returns>
    public async Task<bool> TrySendAsync(string text, CancellationToken cancellationToken)
    {
        try
        {
            ReadOnlyMemory<byte> bytes = Encoding.Latin1.GetBytes(text);
            while (!bytes.IsEmpty)
            {
                bytes = bytes[await _socket.SendAsync(bytes, cancellationToken)..];
            }

            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>What comes until the other side ends it, or nothing more has come for half a minute.</summary>
    public async Task<string> ReadAsync(CancellationToken cancellationToken, int atMost = int.MaxValue)
    {
        var text = new StringBuilder();
        var buffer = new byte[16 * 1024];
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            while (text.Length < atMost)
            {
                patience.CancelAfter(Patience);
                if (await _socket.ReceiveAsync(buffer.AsMemory(0, Math.Min(buffer.Length, atMost - text.Length)), patience.Token) is var read && read == 0)
                {
                    break;
                }

                text.Append(Encoding.Latin1.GetString(buffer, 0, read));
            }
        }
        catch (SocketException)
        {
            // Ended the hard way: what came, came.
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            text.Append(Stands);
        }

        return text.ToString();
    }

    /// <summary>Stands at the end of what was read where the connection was not ended.</summary>
    public const string Stands = "\n[stands]";

    /// <summary>The status of each answer.</summary>
    public static IReadOnlyList<int> StatusesOf(string answers) =>
        [.. StatusLine().Matches(answers).Select(match => int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture))];

    [GeneratedRegex(@"HTTP/1\.[01] ([0-9]{3})")]
    private static partial Regex StatusLine();
}
