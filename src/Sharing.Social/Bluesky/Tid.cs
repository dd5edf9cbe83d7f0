using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Sharing.Social;

/// <summary>Record keys in the form of timestamp identifiers (atproto.com/specs/tid): what apps show and sort by. Ours are made from a post's key, so that a repeat has the same.</summary>
static class Tid
{
    const string Digits = "234567abcdefghijklmnopqrstuvwxyz";
    const int Length = 13;
    const long MicrosecondsASecond = 1_000_000;

    /// <summary>The key of a post: its second, then what its key makes of the microseconds and of the clock's number.</summary>
    /// <param name="at">When it was made.</param>
    /// <param name="key">The post's key.</param>
    /// <param name="attempt">Counts those that turned out to be another post's.</param>
    public static string Of(DateTimeOffset at, string key, int attempt)
    {
        var hash = Hash(key, attempt);
        return Text((ulong)((at.ToUnixTimeSeconds() * MicrosecondsASecond) + (long)(hash % MicrosecondsASecond)), (uint)(hash >> 40));
    }

    /// <summary>The key of something that has no time of its own.</summary>
    public static string Of(string key)
    {
        var hash = Hash(key, 0);
        var year = DateTimeOffset.UnixEpoch.AddYears(55);
        return Text((ulong)(year.ToUnixTimeSeconds() * MicrosecondsASecond) + (hash % (365UL * 24 * 3600 * MicrosecondsASecond)), (uint)(hash >> 50));
    }

    static ulong Hash(string key, int attempt)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{attempt}/{key}"), hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash);
    }

    static string Text(ulong microseconds, uint clock) => string.Create(Length, ((microseconds & ((1UL << 53) - 1)) << 10) | (clock & 1023), static (text, value) =>
    {
        for (var i = Length - 1; i >= 0; i--, value >>= 5)
        {
            text[i] = Digits[(int)(value & 31)];
        }
    });
}
