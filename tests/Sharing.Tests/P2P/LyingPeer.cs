using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Sharing.Core;
using Sharing.Trials.Scripted;

namespace Sharing.Tests.P2P;

/// <summary>A terminal with a certificate of its own, that lies in one way, by hand over a socket.</summary>
sealed class LyingPeer : IAsyncDisposable
{
    /// <summary>How many groups are right before <see cref="Lie.TurnsBad"/>.</summary>
    public const int GoodGroups = 6;

    const int Group = ContentTree.GroupSize;

    readonly Lie _lie;
    readonly byte[] _bytes;
    readonly byte[] _others;
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly X509Certificate2 _certificate;
    readonly CancellationTokenSource _end = new();
    readonly TaskCompletionSource _told = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly int _enough;
    readonly Task _serving;
    int _lies;
    int _contentAsked;
    int _good;

    /// <param name="lie">How it lies.</param>
    /// <param name="bytes">The content.</param>
    /// <param name="enough">How often it lies until <see cref="Told"/>.</param>
    public LyingPeer(Lie lie, byte[] bytes, int enough = 1)
    {
        (_lie, _bytes, _enough, _others) = (lie, bytes, enough, Samples.Random(77, bytes.Length));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var made = new CertificateRequest("CN=terminal", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        _certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
        _listener.Start();
        _serving = ServeAsync();
    }

    public Lie Lie => _lie;

    public string Device => PeerCertificates.NameOf(_certificate);

    public string Address => $"{_listener.LocalEndpoint}";

    /// <summary>Ends when it has lied often enough.</summary>
    public Task Told => _told.Task;

    /// <summary>How often it lied.</summary>
    public int Lies => Volatile.Read(ref _lies);

    /// <summary>How often it was asked for bytes.</summary>
    public int ContentAsked => Volatile.Read(ref _contentAsked);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _certificate.Dispose();
        _end.Dispose();
    }

    async Task ServeAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(ConnectionAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
            }
        }
        finally
        {
            await Task.WhenAll(connections).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    async Task ConnectionAsync(TcpClient client)
    {
        using (client)
        await using (var secure = new SslStream(client.GetStream()))
        {
            await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _end.Token);
            using var reader = new StreamReader(secure, Encoding.Latin1, leaveOpen: true);
            while (await reader.ReadLineAsync(_end.Token) is { } request)
            {
                var range = (0, _bytes.Length);
                for (string? line; (line = await reader.ReadLineAsync(_end.Token)) is { Length: > 0 };)
                {
                    range = line.StartsWith("Range: bytes=", StringComparison.OrdinalIgnoreCase) ? RangeOf(line["Range: bytes=".Length..]) : range;
                }

                if (!await AnswerAsync(secure, request, range.Item1, range.Item2))
                {
                    return;
                }
            }
        }
    }

    static (int From, int To) RangeOf(string text)
    {
        var ends = text.Split('-');
        return (int.Parse(ends[0], CultureInfo.InvariantCulture), int.Parse(ends[1], CultureInfo.InvariantCulture) + 1);
    }

    /// <returns>Whether the connection goes on.</returns>
    Task<bool> AnswerAsync(Stream to, string request, int from, int end) => request.Contains("/held", StringComparison.Ordinal) ? HeldAsync(to)
        : request.Contains("/groups", StringComparison.Ordinal) ? ProofsAsync(to)
        : ContentAsync(to, from, end);

    async Task<bool> HeldAsync(Stream to)
    {
        await SayAsync(to, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n");
        if (_lie == Lie.BrokenEvents)
        {
            await SayAsync(to, "event: state\ndata: {\"runs\":7\n\n");
            Lied();
        }
        else if (_lie == Lie.EndlessEvent)
        {
            Lied();
            await SayAsync(to, "event: state\ndata: ");
            await ForEverAsync(() => SayAsync(to, new string('1', 4096)));
        }

        await SayAsync(to, $"event: state\ndata: {{\"runs\":\"0+{_bytes.Length}\"}}\n\n");
        for (var i = 0; _lie == Lie.Flood && i < 1_000_000; i++)
        {
            await SayAsync(to, $"event: state\ndata: {{\"runs\":\"{i % _bytes.Length}+{_bytes.Length}\"}}\n\n");
            if (i == 10)
            {
                Lied();
            }
        }

        await Task.Delay(Timeout.Infinite, _end.Token);
        return false;
    }

    async Task<bool> ProofsAsync(Stream to)
    {
        var hashes = Samples.GroupsOf(_lie == Lie.OtherProofs ? _others : _bytes);
        switch (_lie)
        {
            case Lie.OtherProofs:
                await BytesAsync(to, 200, null, hashes);
                break;
            case Lie.ShortProofs:
                await BytesAsync(to, 200, null, hashes[..^32]);
                break;
            case Lie.EndlessProofs:
                await SayAsync(to, "HTTP/1.1 200 OK\r\n\r\n");
                Lied();
                await ForEverAsync(() => to.WriteAsync(_others, _end.Token).AsTask());
                break;
            default:
                await SayAsync(to, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
                return true;
        }

        Lied();
        return true;
    }

    async Task<bool> ContentAsync(Stream to, int from, int end)
    {
        Interlocked.Increment(ref _contentAsked);
        var (part, range) = (_bytes[from..end], $"bytes {from}-{end - 1}/{_bytes.Length}");
        var good = Interlocked.Add(ref _good, part.Length) - part.Length;
        switch (_lie)
        {
            case Lie.TurnsBad when good + part.Length <= GoodGroups * Group:
                await BytesAsync(to, 206, range, part);
                return true;
            case Lie.TurnsBad:
                Wrong(part.AsSpan(Math.Max(0, (GoodGroups * Group) - good)));
                break;
            case Lie.WrongBytes or Lie.OtherProofs or Lie.ShortProofs or Lie.EndlessProofs or Lie.Flood or Lie.EndlessEvent or Lie.BrokenEvents:
                Wrong(part);
                break;
            case Lie.OtherPlace:
                part = _bytes.AsSpan((from + (_bytes.Length / 2)) % (_bytes.Length - part.Length), part.Length).ToArray();
                break;
            case Lie.OtherContent:
                part = _others[from..end];
                break;
            case Lie.OtherRange:
                range = $"bytes {from + 1}-{end}/{_bytes.Length}";
                break;
            case Lie.OtherTotal:
                (part, range) = (_others[from..end], $"bytes {from}-{end - 1}/{_bytes.Length + 1}");
                break;
            case Lie.Replayed:
                (part, range) = (_bytes[..Group], $"bytes 0-{Group - 1}/{_bytes.Length}");
                break;
            default:
                return await OddAsync(to, part, range);
        }

        await BytesAsync(to, 206, range, part);
        Lied();
        return true;
    }

    async Task<bool> OddAsync(Stream to, byte[] part, string range)
    {
        var headers = $"HTTP/1.1 206 Partial Content\r\nContent-Range: {range}\r\n";
        if (_lie is not Lie.Packed)
        {
            Lied();
        }

        switch (_lie)
        {
            case Lie.Nothing:
                await SayAsync(to, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
                return true;
            case Lie.Redirect:
                await SayAsync(to, $"HTTP/1.1 302 Found\r\nLocation: http://{_listener.LocalEndpoint}/\r\nContent-Length: 0\r\n\r\n");
                return true;
            case Lie.Whole:
                Wrong(part);
                await BytesAsync(to, 200, null, part);
                return true;
            case Lie.Packed:
                await SayAsync(to, headers + $"Content-Encoding: gzip\r\nContent-Length: {part.Length}\r\n\r\n");
                await to.WriteAsync(part, _end.Token);
                Lied();
                return true;
            case Lie.TooShort:
                await SayAsync(to, headers + $"Content-Length: {part.Length}\r\n\r\n");
                await to.WriteAsync(part.AsMemory(0, part.Length / 2), _end.Token);
                return false;
            case Lie.Endless:
                await SayAsync(to, headers + "\r\n");
                await ForEverAsync(() => to.WriteAsync(_others, _end.Token).AsTask());
                return false;
            case Lie.Drip:
                await SayAsync(to, headers + $"Content-Length: {part.Length}\r\n\r\n");
                await ForEverAsync(async () =>
                {
                    await to.WriteAsync(part.AsMemory(0, 1), _end.Token);
                    await Task.Delay(TimeSpan.FromSeconds(1), _end.Token);
                });
                return false;
            case Lie.SilentAfterHeaders:
                await SayAsync(to, headers + $"Content-Length: {part.Length}\r\n\r\n");
                await Task.Delay(Timeout.Infinite, _end.Token);
                return false;
            case Lie.Silent:
                await Task.Delay(Timeout.Infinite, _end.Token);
                return false;
            case Lie.HugeHeader:
                await SayAsync(to, headers + "X: ");
                await ForEverAsync(() => SayAsync(to, new string('x', 4096)));
                return false;
            case Lie.Garbage:
                await to.WriteAsync(_others.AsMemory(0, 4096), _end.Token);
                return false;
            default: // closes at once
                return false;
        }
    }

    void Lied()
    {
        if (Interlocked.Increment(ref _lies) == _enough)
        {
            _told.TrySetResult();
        }
    }

    static void Wrong(Span<byte> bytes)
    {
        foreach (ref var one in bytes)
        {
            one = (byte)~one;
        }
    }

    async Task BytesAsync(Stream to, int status, string? range, byte[] bytes)
    {
        await SayAsync(to, $"HTTP/1.1 {status} Fine\r\n{(range is null ? "" : $"Content-Range: {range}\r\n")}Content-Length: {bytes.Length}\r\n\r\n");
        await to.WriteAsync(bytes, _end.Token);
    }

    async Task SayAsync(Stream to, string text) => await to.WriteAsync(Encoding.Latin1.GetBytes(text), _end.Token);

    /// <summary>Until the other end hangs up.</summary>
    static async Task ForEverAsync(Func<Task> act)
    {
        while (true)
        {
            await act();
        }
    }
}
