using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sharing.Benchmarks;

/// <summary>Many who follow one thing, over a socket each, whatever they speak: an event stream or NATS. They look for what was sent (<see cref="Pushing"/>) and for nothing else.</summary>
sealed class PushClient
{
    readonly Follower[] _followers;
    readonly int _expected;
    readonly long[] _took;
    int _count;
    long _last;

    PushClient(int followers, int most) => (_followers, _expected, _took) = (new Follower[followers], followers, new long[(long)followers * most]);

    /// <summary>Connects, says so, and at each line "COUNT SECONDS" waits until every follower has got so many more; then says what came.</summary>
    public static async Task RunAsync(string greeting, string welcome, int port, int followers, int most)
    {
        var client = new PushClient(followers, most);
        await Parallel.ForAsync(0, followers, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (at, _) => client._followers[at] = await Follower.StartAsync(client, port, greeting, welcome));
        Console.WriteLine("ready");
        while (await Console.In.ReadLineAsync() is { } line)
        {
            var parts = line.Split(' ').Select(static part => int.Parse(part, CultureInfo.InvariantCulture)).ToArray();
            var (wanted, patience, started) = ((long)parts[0] * client._expected, TimeSpan.FromSeconds(parts[1]), Stopwatch.GetTimestamp());
            while (Volatile.Read(ref client._count) < wanted && Stopwatch.GetElapsedTime(started) < patience)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System); // what is too much comes, too
            Console.WriteLine(client.Report(wanted));
        }

        foreach (var follower in client._followers)
        {
            follower.Dispose();
        }
    }

    string Report(long wanted)
    {
        var got = _took.AsSpan(0, (int)Math.Min(_count, _took.Length)).ToArray();
        Array.Sort(got);
        double At(double part) => got.Length == 0 ? 0 : got[(int)Math.Min(got.Length - 1, part * got.Length)] * 1e3 / Stopwatch.Frequency;
        var line = string.Create(CultureInfo.InvariantCulture, $"{wanted - _count} {_followers.Sum(static one => one.Twice)} {At(0.5)} {At(0.99)} {_last}");
        _count = 0;
        return line;
    }

    void Came(long sent)
    {
        var now = Stopwatch.GetTimestamp();
        var at = Interlocked.Increment(ref _count) - 1;
        if (at < _took.Length)
        {
            _took[at] = now - sent;
        }

        Volatile.Write(ref _last, now);
    }

    sealed class Follower(PushClient client, Socket socket) : IDisposable
    {
        readonly SocketAsyncEventArgs _arguments = new();
        readonly HashSet<long> _seen = [];
        long _number;
        int _digits = -1, _skip;

        public int Twice { get; private set; }

        public static async Task<Follower> StartAsync(PushClient client, int port, string greeting, string welcome)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
            await socket.SendAsync(Encoding.ASCII.GetBytes(greeting));
            var buffer = new byte[16 * 1024];
            for (var said = ""; !said.Contains(welcome, StringComparison.Ordinal);)
            {
                var read = await socket.ReceiveAsync(buffer);
                said += read > 0 ? Encoding.ASCII.GetString(buffer, 0, read) : throw new InvalidOperationException($"The server said only: {said}");
            }

            var follower = new Follower(client, socket);
            follower._arguments.SetBuffer(buffer);
            follower._arguments.Completed += (_, _) => follower.Go();
            follower.Read();
            return follower;
        }

        public void Dispose()
        {
            socket.Dispose();
            _arguments.Dispose();
        }

        void Go()
        {
            if (Take())
            {
                Read();
            }
        }

        void Read()
        {
            while (!socket.ReceiveAsync(_arguments) && Take())
            {
            }
        }

        bool Take()
        {
            if (_arguments.SocketError != SocketError.Success || _arguments.BytesTransferred == 0)
            {
                return false;
            }

            for (var bytes = _arguments.MemoryBuffer.Span[.._arguments.BytesTransferred]; bytes.Length > 0;)
            {
                if (_digits < 0)
                {
                    var at = bytes.IndexOf((byte)'#');
                    if (at < 0)
                    {
                        break;
                    }

                    (_digits, _number) = (0, 0);
                    bytes = bytes[(at + 1)..];
                    continue;
                }

                var one = bytes[0];
                bytes = bytes[1..];
                if (_skip > 0 || one == '\r') // the end of a chunk in the middle of a message, and the head of the next
                {
                    _skip += one == '\r' ? 1 : 0;
                    _skip = one == '\n' && _skip == 2 ? 0 : _skip;
                    continue;
                }

                _number = (_number * 10) + (one - '0');
                if (++_digits == 8)
                {
                    Twice += _seen.Add(_number) ? 0 : 1;
                    _number = 0;
                }
                else if (_digits == Pushing.Digits)
                {
                    client.Came(_number);
                    _digits = -1;
                }
            }

            return true;
        }
    }
}
