namespace Sharing.S3;

/// <summary>Which bytes of a partial content are in which piece. Never changed: a flush makes another one.</summary>
sealed class PieceMap
{
    readonly RangeMap<PieceAt>[] _areas = [new(), new()];

    public PieceMap(PartialRecord record)
    {
        foreach (var (area, runs) in new[] { (ContentArea.Data, record.Data), (ContentArea.Groups, record.Groups) })
        {
            foreach (var run in runs)
            {
                _areas[(int)area].Set(run[0], run[0] + run[1], new(record.Pieces[(int)run[2]], run[0] - run[3]));
            }
        }
    }

    PieceMap(PieceMap other)
    {
        for (var area = 0; area < _areas.Length; area++)
        {
            foreach (var range in other._areas[area].Ranges)
            {
                _areas[area].Set(range.Start, range.End, range.Value);
            }
        }
    }

    public (long End, bool Found, PieceAt Piece) At(ContentArea area, long offset) => _areas[(int)area].At(offset);

    public long EndOf(ContentArea area) => _areas[(int)area].End;

    /// <summary>What is in the smallest pieces, once there are too many small ones: many small parts, each a request of its own, must not become as many objects.</summary>
    public IReadOnlyList<(ContentArea Area, long Start, long End)> SmallRuns(int most, long small, long atOnce)
    {
        var runs = Enum.GetValues<ContentArea>().SelectMany(area => _areas[(int)area].Ranges.Select(range => (Area: area, Range: range))).ToList();
        var all = runs.GroupBy(static run => run.Range.Value.Name, StringComparer.Ordinal)
            .Select(static piece => (Name: piece.Key, Bytes: piece.Sum(static run => run.Range.End - run.Range.Start)))
            .Where(piece => piece.Bytes < small).OrderBy(static piece => piece.Bytes).ToList();
        if (all.Count < most)
        {
            return [];
        }

        var sum = 0L;
        var pieces = all.TakeWhile(piece => (sum += piece.Bytes) <= atOnce).Select(static piece => piece.Name).ToHashSet(StringComparer.Ordinal);
        return [.. runs.Where(run => pieces.Contains(run.Range.Value.Name)).Select(static run => (run.Area, run.Range.Start, run.Range.End))];
    }

    /// <summary>The same with a piece more, in which these runs stand one after the other; of two that overlap the later holds.</summary>
    public PieceMap With(string name, IEnumerable<(ContentArea Area, long Start, long End)> runs)
    {
        var (map, at) = (new PieceMap(this), 0L);
        foreach (var (area, start, end) in runs)
        {
            map._areas[(int)area].Set(start, end, new(name, start - at));
            at += end - start;
        }

        return map;
    }

    /// <summary>As it is kept; pieces of which nothing is left are not in it.</summary>
    public PartialRecord ToRecord(PartialRecord before)
    {
        List<string> pieces = [.. _areas.SelectMany(static area => area.Ranges).Select(static range => range.Value.Name).Distinct(StringComparer.Ordinal)];
        var index = pieces.Select(static (piece, at) => (piece, at)).ToDictionary(static pair => pair.piece, static pair => pair.at, StringComparer.Ordinal);
        return before with { Pieces = pieces, Data = RunsOf(ContentArea.Data), Groups = RunsOf(ContentArea.Groups) };

        List<long[]> RunsOf(ContentArea area) =>
            [.. _areas[(int)area].Ranges.Select(range => new[] { range.Start, range.End - range.Start, index[range.Value.Name], range.Start - range.Value.Origin })];
    }

    /// <summary>A piece, and which byte of the content its first would be.</summary>
    internal readonly record struct PieceAt(string Name, long Origin);
}
