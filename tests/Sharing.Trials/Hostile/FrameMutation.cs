using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Sharing.Trials.Hostile;

/// <summary>The ways in which a frame is spoilt. Seeded.</summary>
static class FrameMutation
{
    static readonly string[] Lengths = ["0", "-1", "1", "65535", "4294967296", "9223372036854775807", "9223372036854775808", "99999999999999999999", "0x10", "+5", "1e9", "٣"];

    static readonly string[] Bits = ["\r\n", "\n", "\0", ",", ":", "-", "+", "/", ".", "%00", "{", "}", "[", "\"", " ", "\u00ff\u00fe", "null", "bytes=", "event: state\n", "data: ", "Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n"];

    /// <summary>A frame spoilt once, or a few times.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="others">Frames of which parts may come in.</param>
    /// <param name="random">Its chance.</param>
    public static byte[] Of(byte[] frame, IReadOnlyList<byte[]> others, Random random)
    {
        var spoilt = frame;
        for (var times = 1 + random.Next(3); times > 0; times--)
        {
            spoilt = Once(spoilt, others, random);
        }

        return spoilt.Length > 1024 * 1024 ? spoilt[..(1024 * 1024)] : spoilt;
    }

    static byte[] Once(byte[] frame, IReadOnlyList<byte[]> others, Random random)
    {
        if (frame.Length == 0)
        {
            return [(byte)random.Next(256)];
        }

        var (at, other) = (random.Next(frame.Length), others[random.Next(others.Count)]);
        var end = Math.Min(frame.Length, at + 1 + random.Next(64));
        switch (random.Next(9))
        {
            case 0 or 1:
                var flipped = frame.ToArray();
                flipped[at] ^= (byte)(1 << random.Next(8));
                return flipped;
            case 2: // cut
                return frame[..at];
            case 3: // a part twice, or many times
                return [.. frame[..end], .. Enumerable.Repeat(frame[at..end], 1 + random.Next(random.Next(2) == 0 ? 2 : 200)).SelectMany(static part => part), .. frame[end..]];
            case 4: // a part gone
                return [.. frame[..at], .. frame[end..]];
            case 5: // one's head and another's tail
                return [.. frame[..at], .. other[random.Next(other.Length)..]];
            case 6: // noise
                var noisy = frame.ToArray();
                random.NextBytes(noisy.AsSpan(at, end - at));
                return noisy;
            case 7: // what means something, where it does not belong
                return [.. frame[..at], .. Encoding.UTF8.GetBytes(Bits[random.Next(Bits.Length)]), .. frame[at..]];
            default:
                return Miscounted(frame, random);
        }
    }

    /// <summary>A number that says something else.</summary>
    static byte[] Miscounted(byte[] frame, Random random)
    {
        var starts = Enumerable.Range(0, Math.Min(frame.Length, 2000)).Where(i => IsDigit(frame[i]) && (i == 0 || !IsDigit(frame[i - 1]))).ToList();
        if (starts.Count == 0)
        {
            return [.. frame, 0];
        }

        var start = starts[random.Next(starts.Count)];
        var end = start;
        while (end < frame.Length && IsDigit(frame[end]))
        {
            end++;
        }

        var said = Utf8Parser.TryParse(frame.AsSpan(start, end - start), out long value, out _) && random.Next(2) == 0
            ? (value + random.Next(-2, 3)).ToString(CultureInfo.InvariantCulture)
            : Lengths[random.Next(Lengths.Length)];
        return [.. frame[..start], .. Encoding.UTF8.GetBytes(said), .. frame[end..]];
    }

    static bool IsDigit(byte one) => one is >= (byte)'0' and <= (byte)'9';
}
