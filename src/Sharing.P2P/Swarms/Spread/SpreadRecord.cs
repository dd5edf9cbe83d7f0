using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography;
using Sharing.Core;

namespace Sharing.P2P;

/// <summary>What one terminal says of itself in a spread index, signed by its key, with the ticket that lets it be there. Immutable.</summary>
/// <remarks>
/// The bytes: 1; the key (X and Y of its point on P-256, 64); the ticket's share (16), expiry (ticks, 8) and signature (64); then what is signed: session (8), version (8), traits (1: whole, 2: plain,
/// 4: gone, 8: metered), how busy it is in hundredths (1), the number of addresses (1), each 4 or 16 and as many bytes and a port (2), the length of the chunks (2) and their form (<see cref="ChunkSet"/>); and the signature (64). Numbers are
/// big-endian. Signed are the words "sharing-spread\n", the content id, and that part.
/// </remarks>
sealed class SpreadRecord
{
    const int Signed = 1 + KeySize + ShareSize + 8 + SignatureSize;
    const int KeySize = 64, ShareSize = 16, SignatureSize = 64;

    /// <summary>The longest record: with eight addresses and the longest bitmap.</summary>
    public const int Most = Signed + 8 + 8 + 2 + (SwarmMember.MostAddresses * 19) + 1 + 2 + 1 + (ChunkSet.Most / 8) + SignatureSize;

    static readonly byte[] KeyPrefix = Convert.FromHexString("3059301306072a8648ce3d020106082a8648ce3d03010703420004");

    SpreadRecord(byte[] bytes, SwarmMember member, ChunkSet chunks, bool gone) =>
        (Bytes, Member, Chunks, IsGone, Device) = (bytes, member, chunks, gone, DeviceName.Parse(member.Device)!.Value);

    public byte[] Bytes { get; }

    public DeviceName Device { get; }

    /// <summary>What it says; its chunks are in <see cref="Chunks"/>.</summary>
    public SwarmMember Member { get; }

    public ChunkSet Chunks { get; }

    /// <summary>What it says, with its chunks as text.</summary>
    public SwarmMember Shown => Member with { Chunks = Chunks.ToString() };

    /// <summary>It has left.</summary>
    public bool IsGone { get; }

    public (long Session, long Version) Age => (Member.Session, Member.Version);

    /// <summary>When its ticket expires.</summary>
    public long TicketExpires => BinaryPrimitives.ReadInt64BigEndian(Bytes.AsSpan(1 + KeySize + ShareSize));

    ReadOnlySpan<byte> Key => Bytes.AsSpan(1, KeySize);

    ReadOnlySpan<byte> Pass => Bytes.AsSpan(0, Signed);

    /// <summary>Makes a record of this terminal's own.</summary>
    /// <param name="key">Its key: a SubjectPublicKeyInfo.</param>
    /// <param name="ticket">Its ticket, as text.</param>
    /// <param name="member">What it says.</param>
    /// <param name="chunks">The chunks that it has.</param>
    /// <param name="gone">It leaves.</param>
    /// <param name="sign">Signs with its key.</param>
    /// <returns><c>null</c>: the ticket is no ticket of ours.</returns>
    public static SpreadRecord? Make(ReadOnlySpan<byte> key, string ticket, SwarmMember member, ChunkSet chunks, bool gone, Func<byte[], byte[]> sign)
    {
        if (!key.StartsWith(KeyPrefix) || Tickets.Split(ticket) is not { } parts)
        {
            return null;
        }

        using var stream = new MemoryStream();
        stream.WriteByte(1);
        stream.Write(key[KeyPrefix.Length..]);
        stream.Write(Convert.FromHexString(parts.Ticket.Share.Value));
        Write(stream, parts.Ticket.Expires.UtcTicks);
        stream.Write(parts.Signature);
        Write(stream, member.Session);
        Write(stream, member.Version);
        stream.WriteByte((byte)((member.IsWhole ? 1 : 0) | (member.IsPlain ? 2 : 0) | (gone ? 4 : 0) | (member.IsMetered ? 8 : 0)));
        stream.WriteByte(KnownMember.Percent(member.Load));
        stream.WriteByte((byte)member.Addresses.Count);
        foreach (var at in member.Addresses.Select(IPEndPoint.Parse))
        {
            var address = at.Address.GetAddressBytes();
            stream.WriteByte((byte)address.Length);
            stream.Write(address);
            stream.Write([(byte)(at.Port >> 8), (byte)at.Port]);
        }

        stream.Write([(byte)(chunks.Form.Length >> 8), (byte)chunks.Form.Length]);
        stream.Write(chunks.Form.Span);
        stream.Write(sign(Said(parts.Ticket.Content, stream.ToArray().AsSpan(Signed))));
        return new(stream.ToArray(), member with { Chunks = "" }, chunks, gone);
    }

    /// <summary>Reads a record; <c>null</c>: it is none. Whether it is true says <see cref="IsTrue"/>.</summary>
    public static SpreadRecord? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length is < Signed + 21 + SignatureSize or > Most || bytes[0] != 1)
        {
            return null;
        }

        var addresses = new List<string>();
        var rest = bytes[(Signed + 19)..^SignatureSize];
        var (traits, count) = (bytes[Signed + 16], bytes[Signed + 18]);
        for (var i = 0; i < count; i++)
        {
            if (rest.IsEmpty || rest[0] is not (4 or 16) || rest.Length < rest[0] + 3)
            {
                return null;
            }

            var address = rest.Slice(1, rest[0]);
            var port = BinaryPrimitives.ReadUInt16BigEndian(rest[(rest[0] + 1)..]);
            addresses.Add(new IPEndPoint(new IPAddress(address), port).ToString());
            rest = rest[(address.Length + 3)..];
            if (port == 0)
            {
                return null;
            }
        }

        var (session, version) = (BinaryPrimitives.ReadInt64BigEndian(bytes[Signed..]), BinaryPrimitives.ReadInt64BigEndian(bytes[(Signed + 8)..]));
        if (count > SwarmMember.MostAddresses || traits > 15 || bytes[Signed + 17] > 100 || session < 0 || version < 0 || rest.Length < 2
            || rest.Length != 2 + BinaryPrimitives.ReadUInt16BigEndian(rest) || ChunkSet.Read(rest[2..]) is not { } chunks)
        {
            return null;
        }

        var member = new SwarmMember
        {
            Device = PeerCertificates.NameOf([.. KeyPrefix, .. bytes.Slice(1, KeySize)]), Addresses = addresses, Session = session, Version = version,
            IsWhole = (traits & 1) != 0, IsPlain = (traits & 2) != 0, IsMetered = (traits & 8) != 0, Load = bytes[Signed + 17] / 100.0,
        };
        return new(bytes.ToArray(), member, chunks, (traits & 4) != 0);
    }

    /// <summary>Whether its terminal has signed it, and its ticket is one of the content's; whether that has expired is another question.</summary>
    /// <param name="content">The content, with its length.</param>
    /// <param name="ticketKey">The key by which its tickets are checked.</param>
    /// <param name="known">A true record of the same terminal: its ticket is not checked once more.</param>
    public bool IsTrue(ContentInfo content, ReadOnlySpan<byte> ticketKey, SpreadRecord? known = null)
    {
        if (TicketExpires < 0 || TicketExpires > DateTimeOffset.MaxValue.UtcTicks)
        {
            return false;
        }

        if (known is null || !known.Pass.SequenceEqual(Pass))
        {
            var ticket = new ShareTicket
            {
                Share = ShareId.Parse(Convert.ToHexStringLower(Bytes.AsSpan(1 + KeySize, ShareSize))), Content = content.Id, Length = content.Length, Device = Member.Device,
                Expires = new DateTimeOffset(TicketExpires, TimeSpan.Zero),
            };
            if (!Tickets.IsSigned(ticket, Bytes.AsSpan(1 + KeySize + ShareSize + 8, SignatureSize), ticketKey))
            {
                return false;
            }
        }

        return PublicKey.HasSigned([.. KeyPrefix, .. Key], Said(content.Id, Bytes.AsSpan(Signed..^SignatureSize)), Bytes.AsSpan(Bytes.Length - SignatureSize));
    }

    static byte[] Said(ContentId content, ReadOnlySpan<byte> said)
    {
        var id = new byte[ContentId.Size];
        content.CopyTo(id);
        return [.. "sharing-spread\n"u8, .. id, .. said];
    }

    static void Write(MemoryStream stream, long number)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        stream.Write(bytes);
    }
}
