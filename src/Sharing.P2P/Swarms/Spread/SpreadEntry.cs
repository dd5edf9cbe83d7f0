namespace Sharing.P2P;

/// <summary>A record in a view.</summary>
sealed class SpreadEntry(SpreadRecord record, long born)
{
    public SpreadRecord Record { get; } = record;

    /// <summary>When it was made, by the clock of whoever has it.</summary>
    public long Born { get; set; } = born;

    public int Place { get; set; }

    /// <summary>Whether it is among the holders of its chunks: it is while it is young.</summary>
    public bool IsHolder { get; set; }

    /// <summary>When it was asked last; 0: never.</summary>
    public long Asked { get; set; }

    /// <summary>The chunks that its terminal can give, of so many.</summary>
    public List<(int First, int Last)> Runs(int chunks)
    {
        var runs = new List<(int First, int Last)>();
        if (Record.IsGone || Record.Member.Addresses.Count == 0 || chunks == 0)
        {
            return runs;
        }

        if (Record.Member.IsWhole)
        {
            runs.Add((0, chunks - 1));
            return runs;
        }

        foreach (var (first, last) in Record.Chunks)
        {
            if (first < chunks)
            {
                runs.Add((first, Math.Min(last, chunks - 1)));
            }
        }

        return runs;
    }

    public bool Has(int chunk, int chunks) => Runs(chunks).Exists(run => run.First <= chunk && chunk <= run.Last);

    /// <summary>How many terminals have that of its chunks that the fewest have.</summary>
    public int Rarest(int[] holders, int chunks)
    {
        var rarest = int.MaxValue;
        foreach (var (first, last) in Runs(chunks))
        {
            for (var chunk = first; chunk <= last; chunk++)
            {
                rarest = Math.Min(rarest, holders[chunk]);
            }
        }

        return rarest;
    }

    /// <summary>How many chunks it has, of those that are counted.</summary>
    public int Gain(int[] sums, int chunks)
    {
        var gain = 0;
        foreach (var (first, last) in Runs(chunks))
        {
            gain += sums[last + 1] - sums[first];
        }

        return gain;
    }

    public void Clear(bool[] open, int chunks)
    {
        foreach (var (first, last) in Runs(chunks))
        {
            open.AsSpan(first, last - first + 1).Clear();
        }
    }

    public void Mark(int[] changes, int chunks)
    {
        foreach (var (first, last) in Runs(chunks))
        {
            Mark(changes, first, last, chunks);
        }
    }

    public static void Mark(int[] changes, int first, int last, int chunks)
    {
        if (first < chunks)
        {
            changes[first]++;
            changes[Math.Min(last + 1, chunks)]--;
        }
    }
}
