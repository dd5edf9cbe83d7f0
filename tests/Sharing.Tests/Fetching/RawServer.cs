using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sharing.Tests.Fetching;

/// <summary>A socket that answers every request with what it is told, however odd.</summary>
sealed class RawServer : IAsyncDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _stop = new();
    readonly Task _loop;
    int _connections;

    public RawServer(Func<NetworkStream, CancellationToken, Task> answer)
    {
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _loop = AcceptAsync(answer);
    }

    public int Port { get; }

    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Answers with this text, then says no more and keeps the connection.</summary>
    public static RawServer Saying(string text) => new(async (stream, token) =>
    {
        await stream.WriteAsync(Encoding.Latin1.GetBytes(text), token);
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
    });

    async Task AcceptAsync(Func<NetworkStream, CancellationToken, Task> answer)
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_stop.Token);
                Interlocked.Increment(ref _connections);
                _ = ServeAsync(socket, answer);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    async Task ServeAsync(Socket socket, Func<NetworkStream, CancellationToken, Task> answer)
    {
        try
        {
            await using var stream = new NetworkStream(socket, ownsSocket: true);
            if (await stream.ReadAsync(new byte[4096], _stop.Token) > 0)
            {
                await answer(stream, _stop.Token);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _listener.Stop();
        _stop.Dispose();
    }
}
