using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sharing.Tests.Child.Ssrf;

/// <summary>A name server (RFC 1035) that is at the strangers' command: the name <c>KIND-HEX-SERIAL.ssrf.example</c> leads to the address in hex, as its kind says.
/// It reads whatever it does not know as loopback, the worst that a resolver can do. Nothing may be cached.</summary>
sealed class Nameserver : IAsyncDisposable
{
    /// <summary>At the address.</summary>
    public const char Plain = 'a';

    /// <summary>An alias of a name at the address.</summary>
    public const char Alias = 'c';

    /// <summary>At the address and at a public one.</summary>
    public const char Mixed = 'm';

    /// <summary>At a public one when asked first, at the address from then on.</summary>
    public const char Rebinding = 'r';

    const ushort TypeA = 1, TypeAlias = 5, TypeAaaa = 28;

    readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    readonly CancellationTokenSource _stop = new();
    readonly ConcurrentDictionary<string, int> _asked = new(StringComparer.OrdinalIgnoreCase);
    readonly Task _serving;

    public Nameserver()
    {
        _socket.Bind(new IPEndPoint(PublicInternet.Names, 53));
        _serving = ServeAsync();
    }

    /// <summary>A name under which an address is found.</summary>
    public static string NameOf(char kind, IPAddress target, int serial) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{kind}-{Convert.ToHexStringLower(target.GetAddressBytes())}-{serial}.{PublicInternet.Zone}");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _socket.Dispose();
    }

    async Task ServeAsync()
    {
        var buffer = new byte[1500];
        while (true)
        {
            var from = await _socket.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), _stop.Token);
            if (Answer(buffer.AsSpan(0, from.ReceivedBytes)) is { } answer)
            {
                await _socket.SendToAsync(answer, from.RemoteEndPoint, _stop.Token);
            }
        }
    }

    byte[]? Answer(ReadOnlySpan<byte> question)
    {
        var labels = new List<string>();
        var at = 12;
        while (at < question.Length && question[at] is > 0 and < 64 and var length)
        {
            labels.Add(Encoding.ASCII.GetString(question.Slice(at + 1, length)));
            at += length + 1;
        }

        if (at + 5 > question.Length)
        {
            return null;
        }

        var type = BinaryPrimitives.ReadUInt16BigEndian(question[(at + 1)..]);
        var name = string.Join('.', labels);
        var records = Records(name, type);
        var answer = new MemoryStream();
        answer.Write(question[..2]);
        answer.Write([0x84, records is null ? (byte)3 : (byte)0, 0, 1, 0, (byte)(records?.Count ?? 0), 0, 0, 0, 0]);
        answer.Write(question[12..(at + 5)]);
        foreach (var (owner, kind, data) in records ?? [])
        {
            answer.Write(owner);
            answer.Write([0, (byte)kind, 0, 1, 0, 0, 0, 0, 0, (byte)data.Length]); // for no time at all
            answer.Write(data);
        }

        return answer.ToArray();
    }

    /// <summary>What a name has; <c>null</c>: there is no such name.</summary>
    List<(byte[] Owner, ushort Type, byte[] Data)>? Records(string name, ushort type)
    {
        IPAddress[] addresses = name.ToLowerInvariant() switch
        {
            PublicInternet.PublicName or PublicInternet.OwnName => [PublicInternet.Web, PublicInternet.Web6],
            PublicInternet.ClosedName => [PublicInternet.Closed],
            PublicInternet.SilentName => [PublicInternet.Silent],
            PublicInternet.MissingName => [],
            _ => [IPAddress.Loopback, IPAddress.IPv6Loopback],
        };
        if (addresses.Length == 0)
        {
            return null;
        }

        byte[] asked = [0xC0, 12]; // the name in the question
        if (!name.EndsWith("." + PublicInternet.Zone, StringComparison.OrdinalIgnoreCase) || name.Split('-') is not [[var kind], var hex, _])
        {
            return [.. ToRecords(asked, addresses, type)];
        }

        addresses = Led(name, char.ToLowerInvariant(kind), new IPAddress(Convert.FromHexString(hex)), type);
        var real = Encoded(Plain + name[1..]);
        return char.ToLowerInvariant(kind) == Alias ? [(asked, TypeAlias, real), .. ToRecords(real, addresses, type)] : [.. ToRecords(asked, addresses, type)];
    }

    IPAddress[] Led(string name, char kind, IPAddress target, ushort type)
    {
        var open = target.AddressFamily == AddressFamily.InterNetwork ? PublicInternet.Web : PublicInternet.Web6;
        return kind switch
        {
            Mixed => [PublicInternet.Closed, target], // whoever finds the public one closed goes on to the other
            Rebinding when _asked.AddOrUpdate($"{name} {type}", 1, static (_, times) => times + 1) == 1 => [open],
            _ => [target],
        };
    }

    static IEnumerable<(byte[] Owner, ushort Type, byte[] Data)> ToRecords(byte[] owner, IPAddress[] addresses, ushort type) => addresses
        .Where(address => type == (address.AddressFamily == AddressFamily.InterNetwork ? TypeA : TypeAaaa))
        .Select(address => (owner, type, address.GetAddressBytes()));

    static byte[] Encoded(string name) =>
        [.. name.Split('.').SelectMany(label => (byte[])[(byte)label.Length, .. Encoding.ASCII.GetBytes(label)]), 0];
}
