using System.Globalization;
using System.Numerics;
using System.Text;

namespace Sharing.P2P;

/// <summary>Numbers of chunks in few bytes: as runs, or as a bitmap where that is shorter. As text they are runs: "0-99,120-130".</summary>
/// <remarks>There is one form, and one text, for each set; anything else is not read. The form: nothing for the empty set; 0 and, for each run, the gap before it and its length less one
/// (LEB128); or 1 and the bitmap, lowest bit first, without zero bytes at its end.</remarks>
readonly struct ChunkSet
{
    /// <summary>There is no chunk of a greater number than this, less one.</summary>
    public const int Most = 32 * 1024;

    const byte AsRuns = 0, AsBits = 1;

    readonly byte[]? _form;

    ChunkSet(byte[] form) => _form = form;

    public ReadOnlyMemory<byte> Form => _form;

    public bool IsEmpty => _form is not { Length: > 0 };

    public Enumerator GetEnumerator() => new(_form);

    /// <summary>A set of runs that rise and do not touch.</summary>
    public static ChunkSet Of(List<(int First, int Last)> runs)
    {
        if (runs.Count == 0)
        {
            return default;
        }

        var (length, next) = (1, 0);
        foreach (var (first, last) in runs)
        {
            length += SizeOf(first - next) + SizeOf(last - first);
            next = last + 1;
        }

        var bits = 1 + ((next + 7) / 8);
        return new(bits < length ? Bits(runs, bits) : ByRuns(runs, length));
    }

    /// <summary>The whole chunks within parts of a content that rise.</summary>
    public static ChunkSet Within(IEnumerable<Core.ByteRun> parts, int chunkSize, long length)
    {
        var (runs, from, end) = (new List<(int First, int Last)>(), 0L, 0L);
        foreach (var part in parts)
        {
            if (part.Offset > end)
            {
                Add();
                from = part.Offset;
            }

            end = Math.Max(end, part.Offset + part.Length);
        }

        Add();
        return Of(runs);

        void Add()
        {
            var (first, after) = ((from + chunkSize - 1) / chunkSize, Math.Min(Most, end >= length ? (length + chunkSize - 1) / chunkSize : end / chunkSize));
            if (first < after)
            {
                runs.Add(((int)first, (int)after - 1));
            }
        }
    }

    /// <summary>Reads the text; <c>null</c>: it is none.</summary>
    public static ChunkSet? Parse(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
        {
            return default(ChunkSet);
        }

        var (runs, next) = (new List<(int, int)>(), 0);
        foreach (var part in text.Split(','))
        {
            var run = text[part];
            var dash = run.IndexOf('-');
            if (dash < 0 || Number(run[..dash]) is not { } first || Number(run[(dash + 1)..]) is not { } last || first < next || last < first)
            {
                return null;
            }

            runs.Add((first, last));
            next = last + 2;
        }

        return Of(runs);
    }

    /// <summary>Reads the form; <c>null</c>: it is none.</summary>
    public static ChunkSet? Read(ReadOnlySpan<byte> form)
    {
        if (form.IsEmpty)
        {
            return default(ChunkSet);
        }

        if (form[0] > AsBits || form.Length > 1 + (Most / 8))
        {
            return null;
        }

        var (runs, end) = (new List<(int First, int Last)>(), -2L);
        foreach (var (first, last) in new ChunkSet(form.ToArray()))
        {
            if (first <= end + 1 || last < first || last >= Most)
            {
                return null;
            }

            runs.Add((first, last));
            end = last;
        }

        var set = Of(runs);
        return set.Form.Span.SequenceEqual(form) ? set : null;
    }

    /// <summary>Whether all chunks from one to another are in it.</summary>
    public bool Holds(int first, int last)
    {
        foreach (var run in this)
        {
            if (run.First <= first && last <= run.Last)
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (first, last) in this)
        {
            text.Append(text.Length == 0 ? "" : ",").Append(CultureInfo.InvariantCulture, $"{first}-{last}");
        }

        return text.ToString();
    }

    static int? Number(ReadOnlySpan<char> digits) => digits.Length is > 0 and <= 5 && (digits[0] != '0' || digits.Length == 1) && !digits.ContainsAnyExceptInRange('0', '9')
        && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < Most ? number : null;

    static int SizeOf(int value) => value < 1 << 7 ? 1 : value < 1 << 14 ? 2 : 3;

    static byte[] ByRuns(List<(int First, int Last)> runs, int length)
    {
        var form = new byte[length];
        var (at, next) = (1, 0);
        foreach (var (first, last) in runs)
        {
            Put(first - next);
            Put(last - first);
            next = last + 1;
        }

        return form;

        void Put(int value)
        {
            for (; value >= 128; value >>= 7)
            {
                form[at++] = (byte)(value | 128);
            }

            form[at++] = (byte)value;
        }
    }

    static byte[] Bits(List<(int First, int Last)> runs, int length)
    {
        var form = new byte[length];
        form[0] = AsBits;
        foreach (var (first, last) in runs)
        {
            for (var chunk = first; chunk <= last; chunk++)
            {
                form[1 + (chunk / 8)] |= (byte)(1 << (chunk % 8));
            }
        }

        return form;
    }

    /// <summary>The runs. What breaks off in the middle of one ends there.</summary>
    public struct Enumerator(byte[]? form)
    {
        int _at = 1, _next;

        public (int First, int Last) Current { get; private set; }

        public bool MoveNext() => form is { Length: > 0 } && (form[0] == AsRuns ? NextRun(form) : NextBits(form));

        bool NextRun(byte[] runs)
        {
            if (_at >= runs.Length || Get(runs) is not { } gap || Get(runs) is not { } more)
            {
                return false;
            }

            Current = (_next + gap, _next + gap + more);
            _next = Current.Last + 1;
            return true;
        }

        int? Get(byte[] runs)
        {
            var value = 0;
            for (var shift = 0; _at < runs.Length && shift < 21; shift += 7)
            {
                var part = runs[_at++];
                value |= (part & 127) << shift;
                if (part < 128)
                {
                    return value;
                }
            }

            return null;
        }

        bool NextBits(byte[] bits)
        {
            var end = 8 * (bits.Length - 1);
            var first = Find(bits, _next, end, flip: 0);
            if (first < 0)
            {
                return false;
            }

            var after = Find(bits, first, end, flip: 255);
            _next = after < 0 ? end : after;
            Current = (first, _next - 1);
            return true;
        }

        static int Find(byte[] bits, int from, int end, byte flip)
        {
            for (var at = from; at < end; at = (at | 7) + 1)
            {
                var rest = (byte)(bits[1 + (at / 8)] ^ flip) >> (at % 8);
                if (rest != 0)
                {
                    return at + BitOperations.TrailingZeroCount(rest);
                }
            }

            return -1;
        }
    }
}
