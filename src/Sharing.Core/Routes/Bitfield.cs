using System.Globalization;
using System.Numerics;
using System.Text;

namespace Sharing.Core;

/// <summary>Which groups, or chunks, of a content are there: a growing bitmap. Not thread-safe.</summary>
public sealed class Bitfield
{
    /// <summary>A state record has room for this many runs; what is beyond is proven by its hash after a restart.</summary>
    const int MaxRuns = 8000;

    readonly List<ulong> _words = [];

    /// <summary>How many are there.</summary>
    public long Count { get; private set; }

    /// <summary>Whether one is there.</summary>
    public bool this[long group]
    {
        get => group / 64 < _words.Count && (_words[(int)(group / 64)] >> (int)(group % 64) & 1) != 0;
        set
        {
            while (_words.Count <= group / 64)
            {
                _words.Add(0);
            }

            ref var word = ref System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_words)[(int)(group / 64)];
            Count -= BitOperations.PopCount(word);
            word = value ? word | 1UL << (int)(group % 64) : word & ~(1UL << (int)(group % 64));
            Count += BitOperations.PopCount(word);
        }
    }

    /// <summary>The first group from here on that is missing.</summary>
    public long FirstMissing(long from)
    {
        for (var group = from; ; group++)
        {
            if (group / 64 >= _words.Count)
            {
                return group;
            }

            if (group % 64 == 0 && _words[(int)(group / 64)] == ulong.MaxValue)
            {
                group += 63;
            }
            else if (!this[group])
            {
                return group;
            }
        }
    }

    /// <summary>Whether any group from here on is there.</summary>
    public bool AnyFrom(long group)
    {
        for (var end = (long)_words.Count * 64; group < end; group++)
        {
            if (this[group])
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Takes all out.</summary>
    public void Clear()
    {
        _words.Clear();
        Count = 0;
    }

    /// <summary>As runs: "0-99,120-130".</summary>
    public string Format()
    {
        var text = new StringBuilder();
        var end = (long)_words.Count * 64;
        for (long group = 0, runs = 0; group < end && runs < MaxRuns; group++)
        {
            if (this[group])
            {
                var last = FirstMissing(group) - 1;
                text.Append(text.Length == 0 ? "" : ",").Append(CultureInfo.InvariantCulture, $"{group}-{last}");
                group = last;
                runs++;
            }
        }

        return text.ToString();
    }

    /// <summary>Reads runs that <see cref="Format"/> wrote.</summary>
    public static Bitfield Parse(string runs)
    {
        var map = new Bitfield();
        foreach (var run in runs.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var dash = run.IndexOf('-', StringComparison.Ordinal);
            var last = long.Parse(run.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture);
            for (var group = long.Parse(run.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture); group <= last; group++)
            {
                map[group] = true;
            }
        }

        return map;
    }
}
