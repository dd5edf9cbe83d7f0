namespace Sharing.S3;

/// <summary>Which value holds for which bytes: ranges that do not overlap, in order. The latest set wins; neighbours of the same value are one. Not thread-safe.</summary>
sealed class RangeMap<T>
    where T : notnull
{
    readonly List<Range> _ranges = [];

    /// <summary>All ranges, in order.</summary>
    public IReadOnlyList<Range> Ranges => _ranges;

    /// <summary>One beyond the last byte that has a value.</summary>
    public long End => _ranges.Count == 0 ? 0 : _ranges[^1].End;

    /// <summary>How many bytes have one.</summary>
    public long Bytes { get; private set; }

    public void Set(long start, long end, T value)
    {
        var at = Clear(start, end);
        _ranges.Insert(at, new(start, end, value));
        Bytes += end - start;
        Join(at + 1);
        Join(at);
    }

    /// <returns>Where a range that begins at <paramref name="start"/> belongs now.</returns>
    public int Clear(long start, long end)
    {
        var at = FirstEndingAfter(start);
        while (at < _ranges.Count && _ranges[at].Start < end)
        {
            var range = _ranges[at];
            _ranges.RemoveAt(at);
            Bytes -= Math.Min(range.End, end) - Math.Max(range.Start, start);
            if (range.End > end)
            {
                _ranges.Insert(at, range with { Start = end });
            }

            if (range.Start < start)
            {
                _ranges.Insert(at++, range with { End = start });
            }
        }

        return at;
    }

    /// <summary>The range that a byte is in; if it is in none, the hole, without a value, up to the next range or for ever.</summary>
    public (long End, bool Found, T? Value) At(long offset)
    {
        var at = FirstEndingAfter(offset);
        return at == _ranges.Count ? (long.MaxValue, false, default)
            : _ranges[at].Start > offset ? (_ranges[at].Start, false, default)
            : (_ranges[at].End, true, _ranges[at].Value);
    }

    int FirstEndingAfter(long offset)
    {
        var (low, high) = (0, _ranges.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _ranges[middle].End > offset ? (low, middle) : (middle + 1, high);
        }

        return low;
    }

    void Join(int at)
    {
        if (at > 0 && at < _ranges.Count && _ranges[at - 1].End == _ranges[at].Start && EqualityComparer<T>.Default.Equals(_ranges[at - 1].Value, _ranges[at].Value))
        {
            _ranges[at - 1] = _ranges[at - 1] with { End = _ranges[at].End };
            _ranges.RemoveAt(at);
        }
    }

    /// <summary>Some bytes, from the first to before the end.</summary>
    public readonly record struct Range(long Start, long End, T Value);
}
