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
    public UInt128 Ticket { get; set; }

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
        json.Write("{\"device\":\""u8);
        Span<byte> name = stackalloc byte[DeviceName.Size];
        Device.CopyTo(name);
        Convert.TryToHexStringLower(name, json.GetSpan(2 * DeviceName.Size), out _);
        json.Advance(2 * DeviceName.Size);
        json.Write("\",\"addresses\":["u8);
        WriteAddresses(json);
        json.Write("],\"session\":"u8);
        Write(json, Session);
        json.Write(",\"version\":"u8);
        Write(json, Version);
        json.Write(",\"chunks\":\""u8);
        var any = false;
        foreach (var (first, last) in _chunks)
        {
            if (any)
            {
                json.Write(","u8);
            }

            Write(json, first);
            json.Write("-"u8);
            Write(json, last);
            any = true;
        }

        json.Write(_traits.HasFlag(Trait.Whole) ? "\",\"isWhole\":true,"u8 : "\",\"isWhole\":false,"u8);
        json.Write(IsPlain ? "\"isPlain\":true,\"load\":"u8 : "\"isPlain\":false,\"load\":"u8);
        Write(json, _load);
        json.Write(_traits.HasFlag(Trait.Metered) ? "e-2,\"isMetered\":true}"u8 : "e-2,\"isMetered\":false}"u8);
    }

    IEnumerable<string> Texts() => HasAddresses ? Encoding.ASCII.GetString(_addresses).Split(',').Select(static text => text.Trim('"')) : [];

    void WriteAddresses(ArrayBufferWriter<byte> json)
    {
        if (Reached == byte.MaxValue)
        {
            json.Write(_addresses);
            return;
        }

        var (bit, any) = (0, false);
        foreach (var part in _addresses.AsSpan().Split((byte)','))
        {
            if (HasAddresses && (Reached & (1 << bit)) != 0)
            {
                json.Write(any ? ","u8 : ""u8);
                json.Write(_addresses.AsSpan(part));
                any = true;
            }

            bit++;
        }
    }

    static void Write(ArrayBufferWriter<byte> json, long number)
    {
        number.TryFormat(json.GetSpan(20), out var written, default, CultureInfo.InvariantCulture);
        json.Advance(written);
    }
}

/// <summary>IPv4 addresses have no scope.</summary>
static class Scopes
{
    public static long ScopeIdOrZero(this IPAddress address) => address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? address.ScopeId : 0;
}
