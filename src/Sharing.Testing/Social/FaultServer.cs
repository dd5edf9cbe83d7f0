using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sharing.Testing;

/// <summary>Stands before a network's server on loopback, and does to requests on their way what it is told. Plain HTTP/1.1, one request for each connection. Thread-safe.</summary>
/// <remarks>Where the server names its own address in an answer, it is replaced by this one's, so that nobody finds a way around it.</remarks>
public sealed class FaultServer : IAsyncDisposable
{
    readonly TcpListener _listener;
    readonly CancellationTokenSource _stop = new();
    readonly ConcurrentQueue<NetworkFault> _faults = new();
    readonly Uri _network;
    readonly Task _accepting;
    int _requests, _passedOn;

    /// <summary>Starts before a server.</summary>
    /// <param name="network">Its address: http, on this machine.</param>
    /// <param name="port">Where it listens; 0: at any port.</param>
    public FaultServer(Uri network, int port = 0)
    {
        (_network, _listener) = (network, new(IPAddress.Loopback, port));
        _listener.Start();
        Address = new(string.Create(CultureInfo.InvariantCulture, $"http://{network.Host}:{((IPEndPoint)_listener.LocalEndpoint).Port}/"));
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>Which requests faults are for, by method and path; every one that is no GET unless set.</summary>
    public Func<string, string, bool> Counts { get; set; } = static (method, _) => method != "GET";

    /// <summary>What becomes of a request that no fault was set for.</summary>
    public Func<NetworkFault?> Otherwise { get; set; } = static () => null;

    /// <summary>How many requests that count have come.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>How often such a request was passed on.</summary>
    public int PassedOn => Volatile.Read(ref _passedOn);

    /// <summary>Sets what becomes of the next requests, one each.</summary>
    public void Next(params ReadOnlySpan<NetworkFault> faults)
    {
        foreach (var fault in faults)
        {
            _faults.Enqueue(fault);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_accepting.IsCompleted)
        {
            await _stop.CancelAsync();
            _listener.Stop();
            await _accepting;
            _stop.Dispose();
        }
    }

    async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_stop.Token);
                _ = ServeAsync(socket);
            }
        }
        catch (Exception fault) when (fault is OperationCanceledException or SocketException)
        {
            // It ends.
        }
    }

    async Task ServeAsync(Socket socket)
    {
        try
        {
            await using var client = new NetworkStream(socket, ownsSocket: true);
            if (await HttpBytes.RequestAsync(client, _stop.Token) is not { } request)
            {
                return;
            }

            var counts = Counts(request.Method, request.Path);
            var fault = counts ? _faults.TryDequeue(out var next) ? next : Otherwise() : null;
            if (counts)
            {
                Interlocked.Increment(ref _requests);
            }

            var answer = await AnswerAsync(request, fault, counts);
            if (answer is null)
            {
                socket.LingerState = new LingerOption(enable: true, seconds: 0); // reset, as a broken line is
                return;
            }

            await client.WriteAsync(answer, _stop.Token);
        }
        catch (Exception fault) when (fault is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Whoever asked has gone, or the server has.
        }
    }

    async Task<byte[]?> AnswerAsync(HttpBytes request, NetworkFault? fault, bool counts)
    {
        switch (fault?.Kind)
        {
            case NetworkFaultKind.LostRequest:
                return null;
            case NetworkFaultKind.HalfOpen:
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _stop.Token);
                return null;
            case NetworkFaultKind.Answers:
                return Encoding.Latin1.GetBytes(fault.Answer);
        }

        var answer = await PassOnAsync(request, counts);
        if (fault?.Kind == NetworkFaultKind.Duplicate)
        {
            await PassOnAsync(request, counts);
        }

        return fault?.Kind == NetworkFaultKind.LostReply ? fault.Answer.Length == 0 ? null : Encoding.Latin1.GetBytes(fault.Answer) : answer;
    }

    async Task<byte[]> PassOnAsync(HttpBytes request, bool counts)
    {
        if (counts)
        {
            Interlocked.Increment(ref _passedOn);
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await using var server = new NetworkStream(await ConnectedAsync(socket), ownsSocket: true);
        await server.WriteAsync(request.Bytes, _stop.Token);
        using var answer = new MemoryStream();
        await server.CopyToAsync(answer, _stop.Token); // it was asked to close the connection
        return Replaced(answer.ToArray());
    }

    async Task<Socket> ConnectedAsync(Socket socket)
    {
        try
        {
            await socket.ConnectAsync(_network.Host, _network.Port, _stop.Token);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    byte[] Replaced(byte[] answer)
    {
        var (own, theirs) = (Encoding.Latin1.GetBytes(Address.Authority), Encoding.Latin1.GetBytes(_network.Authority));
        for (var at = 0; own.Length == theirs.Length && at < answer.Length;)
        {
            var found = answer.AsSpan(at).IndexOf(theirs);
            if (found < 0)
            {
                break;
            }

            own.CopyTo(answer, at + found);
            at += found + own.Length;
        }

        return answer;
    }
}
