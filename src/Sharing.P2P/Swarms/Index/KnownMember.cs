using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;

namespace Sharing.P2P;

/// <summary>A terminal in an index: what it said, packed. The lock of its swarm guards what changes.</summary>
/// <remarks>Together with its place in the swarm it is to take at most 200 bytes, and its chunks (the benchmark <c>index</c>).</remarks>
sealed class KnownMember(DeviceName device)
{
    [Flags]
    enum Trait : byte
    {
        Whole = 1,
        Plain = 2,
        Metered = 4,
    }

    /// <summary>More than names, numbers and words of a member take, besides addresses and chunks.</summary>
    const int MostFixed = 256;

    /// <summary>The addresses as JSON strings with commas between them: there is nothing in one that JSON would escape.</summary>
    byte[] _addresses = [];
    ChunkSet _chunks;
    Trait _traits;
    byte _load;

    public DeviceName Device { get; } = device;

    public long Session { get; private set; }

    public long Version { get; private set; }

    /// <summary>When it is forgotten, in seconds since the index began.</summary>
    public int Expires { get; set; }

    /// <summary>Its place in the list of members.</summary>
    public int Slot { get; set; } = -1;

    /// <summary>The first bytes of the hash of the ticket that it showed last, which opened the content, and until when that does.</summary>
    public ulong Ticket { get; set; }

    public int TicketExpires { get; set; }

    /// <summary>When its addresses are looked at again, in seconds since the index began.</summary>
    public int ProveAt { get; set; }

    /// <summary>A bit for each address at which it was reached.</summary>
    public byte Reached { get; set; }

    /// <summary>How often in a row it was looked for and found nowhere.</summary>
    public byte Misses { get; set; }

    public bool HasAddresses => _addresses.Length > 0;

    public bool IsPlain => _traits.HasFlag(Trait.Plain);

    /// <summary>Takes what it says.</summary>
    /// <returns>Whether it is somewhere else now, or somebody new, so that it has to be looked for.</returns>
    public bool Take(SwarmMember member, byte[] addresses, ChunkSet chunks)
    {
        var traits = (member.IsWhole ? Trait.Whole : 0) | (member.IsPlain ? Trait.Plain : 0) | (member.IsMetered ? Trait.Metered : 0);
        var moved = Session != member.Session || IsPlain != member.IsPlain || !_addresses.AsSpan().SequenceEqual(addresses);
        if (moved)
        {
            (_addresses, Reached, Misses, ProveAt) = (addresses, 0, 0, 0);
        }

        (Session, Version, _chunks, _traits, _load) = (member.Session, member.Version, chunks, traits, Percent(member.Load));
        return moved;
    }

    /// <summary>How busy somebody is, 0 to 100.</summary>
    public static byte Percent(double load) => double.IsFinite(load) ? (byte)Math.Clamp(Math.Round(100 * load), 0, 100) : (byte)0;

    /// <summary>Writes addresses as they are kept; <c>null</c>: one is none.</summary>
    public static byte[]? Pack(IReadOnlyList<string> addresses)
    {
        if (addresses.Count == 0)
        {
            return [];
        }

        var text = new StringBuilder();
        foreach (var address in addresses)
        {
            if (!IPEndPoint.TryParse(address, out var at) || at.Port == 0 || at.Address.ScopeIdOrZero() != 0)
            {
                return null;
            }

            text.Append(text.Length == 0 ? "" : ",").Append('"').Append(at).Append('"');
        }

        return Encoding.ASCII.GetBytes(text.ToString());
    }

    public List<IPEndPoint> EndPoints() => [.. Texts().Select(IPEndPoint.Parse)];

    /// <summary>Writes the JSON that others are told: without addresses at which it was not reached.</summary>
    public void Write(ArrayBufferWriter<byte> json)
    {
        var to = json.GetSpan(MostFixed + _addresses.Length);
        var at = 0;
        Put(to, "{\"device\":\""u8, ref at);
        Span<byte> name = stackalloc byte[DeviceName.Size];
        Device.CopyTo(name);
        Convert.TryToHexStringLower(name, to[at..], out _);
        at += 2 * DeviceName.Size;
        Put(to, "\",\"addresses\":["u8, ref at);
        PutAddresses(to, ref at);
        Put(to, "],\"session\":"u8, ref at);
        Put(to, Session, ref at);
        Put(to, ",\"version\":"u8, ref at);
        Put(to, Version, ref at);
        Put(to, ",\"chunks\":\""u8, ref at);
        json.Advance(at);
        WriteChunks(json);
        to = json.GetSpan(MostFixed);
        at = 0;
        Put(to, _traits.HasFlag(Trait.Whole) ? "\",\"isWhole\":true,"u8 : "\",\"isWhole\":false,"u8, ref at);
        Put(to, IsPlain ? "\"isPlain\":true,\"load\":"u8 : "\"isPlain\":false,\"load\":"u8, ref at);
        Put(to, _load, ref at);
        Put(to, _traits.HasFlag(Trait.Metered) ? "e-2,\"isMetered\":true}"u8 : "e-2,\"isMetered\":false}"u8, ref at);
        json.Advance(at);
    }

    IEnumerable<string> Texts() => HasAddresses ? Encoding.ASCII.GetString(_addresses).Split(',').Select(static text => text.Trim('"')) : [];

    void WriteChunks(ArrayBufferWriter<byte> json)
    {
        var any = false;
        foreach (var (first, last) in _chunks)
        {
            var to = json.GetSpan(MostFixed);
            var at = 0;
            Put(to, any ? ","u8 : ""u8, ref at);
            Put(to, first, ref at);
            Put(to, "-"u8, ref at);
            Put(to, last, ref at);
            json.Advance(at);
            any = true;
        }
    }

    void PutAddresses(Span<byte> to, ref int at)
    {
        if (Reached == byte.MaxValue)
        {
            Put(to, _addresses, ref at);
            return;
        }

        var (bit, any) = (0, false);
        foreach (var part in _addresses.AsSpan().Split((byte)','))
        {
            if (HasAddresses && (Reached & (1 << bit)) != 0)
            {
                Put(to, any ? ","u8 : ""u8, ref at);
                Put(to, _addresses.AsSpan(part), ref at);
                any = true;
            }

            bit++;
        }
    }

    static void Put(Span<byte> to, ReadOnlySpan<byte> bytes, ref int at)
    {
        bytes.CopyTo(to[at..]);
        at += bytes.Length;
    }

    static void Put(Span<byte> to, long number, ref int at)
    {
        number.TryFormat(to[at..], out var written, default, CultureInfo.InvariantCulture);
        at += written;
    }
}

/// <summary>IPv4 addresses have no scope.</summary>
static class Scopes
{
    public static long ScopeIdOrZero(this IPAddress address) => address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? address.ScopeId : 0;
}
