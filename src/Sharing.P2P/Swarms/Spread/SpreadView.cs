namespace Sharing.P2P;

/// <summary>The records that one terminal keeps of a content's others: no more than <see cref="Most"/>, so chosen that each chunk that somebody has is in three of them where it can be, and the rest
/// by chance. No input or output, no clock, no chance of its own: what is said here happens. Not thread-safe.</summary>
/// <remarks>Times are milliseconds since any beginning. A record grows older wherever it lies and on no way, so that clocks need not agree; what is old is forgotten. What is a quarter as old is not
/// relied on any more: something younger is asked for, and kept as if nobody were known.</remarks>
sealed class SpreadView(int chunks, int life, Random random)
{
    /// <summary>The most records.</summary>
    public const int Most = 256;

    /// <summary>So many holders of a chunk are kept for certain.</summary>
    const int Holders = 3;

    /// <summary>Where so few bytes may be said, many ask: they are sent to others, to all alike.</summary>
    const int Little = 500;

    const int Looks = 4;

    /// <summary>So many are named by chance, however much may be said: the rest is for others, who lack something.</summary>
    const int Any = 2;
    const int MostLost = 32;

    readonly Dictionary<DeviceName, SpreadEntry> _entries = [];
    readonly List<SpreadEntry> _order = [];
    readonly List<SwarmMember> _lost = [];
    readonly int[] _holders = new int[chunks];

    public int Count => _order.Count;

    /// <summary>What the records take, in bytes, with about what an object of each costs.</summary>
    public int Bytes => _order.Sum(static entry => entry.Record.Bytes.Length + 400) + (4 * chunks);

    int Fresh => life / 4;

    /// <summary>The record of a terminal.</summary>
    public SpreadRecord? Find(DeviceName device) => _entries.GetValueOrDefault(device)?.Record;

    /// <summary>Those who are there, in no order.</summary>
    public IEnumerable<SpreadRecord> Members => _order.Where(static entry => !entry.Record.IsGone).Select(static entry => entry.Record);

    /// <summary>All records, in no order.</summary>
    public IEnumerable<SpreadRecord> Records => _order.Select(static entry => entry.Record);

    /// <summary>Whether somebody is known who has a chunk and is accepted.</summary>
    public bool KnowsHolder(int chunk, Func<DeviceName, bool> accepts)
    {
        foreach (var entry in _order)
        {
            if (entry.Has(chunk, chunks) && accepts(entry.Record.Device))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>So many of those who are there, by chance, but first who has what few have.</summary>
    public List<SwarmMember> Sample(int most)
    {
        var all = _order.Where(static entry => !entry.Record.IsGone).ToArray();
        random.Shuffle(all);
        return [.. (all.Length <= most ? all : all.OrderBy(entry => entry.Rarest(_holders, chunks) > Holders).Take(most)).Select(static entry => entry.Record.Shown)];
    }

    /// <summary>Takes a record that is true.</summary>
    /// <returns>Whether it is news.</returns>
    public bool Take(SpreadRecord record, int age, long now)
    {
        if (age >= life)
        {
            return false;
        }

        if (_entries.TryGetValue(record.Device, out var known))
        {
            var older = record.Age.CompareTo(known.Record.Age);
            if (older < 0)
            {
                return false;
            }

            if (older == 0)
            {
                known.Born = Math.Max(known.Born, now - age);
                Hold(known, now);
                return false;
            }

            Remove(known);
        }

        var entry = new SpreadEntry(record, now - age) { Asked = known?.Asked ?? 0 };
        if (_order.Count >= Most && !MakeRoom(entry))
        {
            return false;
        }

        Add(entry, now);
        return true;
    }

    /// <summary>Forgets a terminal that cannot be reached, but for trying it again some day.</summary>
    public void Drop(DeviceName device, bool forGood = false)
    {
        if (_entries.TryGetValue(device, out var entry))
        {
            Remove(entry);
            if (!forGood)
            {
                Lose(entry.Record);
            }
        }
    }

    /// <summary>Forgets what is old.</summary>
    public void Expire(long now)
    {
        for (var i = _order.Count - 1; i >= 0; i--)
        {
            var entry = _order[i];
            Hold(entry, now);
            if (now - entry.Born >= life)
            {
                Remove(entry);
                Lose(entry.Record);
            }
        }
    }

    /// <summary>Somebody to exchange records with: of some chosen by chance the one that was asked longest ago, so that nobody is asked much more than others; <c>null</c>: nobody is known.</summary>
    public SwarmMember? Partner(long now)
    {
        SpreadEntry? best = null;
        for (var i = 0; i < Looks && _order.Count > 0; i++)
        {
            var entry = _order[random.Next(_order.Count)];
            if (!entry.Record.IsGone && entry.Record.Member.Addresses.Count > 0 && (best is null || Order(entry).CompareTo(Order(best)) < 0))
            {
                best = entry;
            }
        }

        best?.Asked = now;
        return best?.Record.Member;

        // Of whom nothing was heard lately may be gone.
        (bool, long) Order(SpreadEntry entry) => (now - entry.Born >= Fresh, entry.Asked);
    }

    /// <summary>Somebody who could not be reached, or of whom nothing was heard: after a cut in the net he may be there again.</summary>
    public SwarmMember? Lost() => _lost.Count == 0 ? null : _lost[random.Next(_lost.Count)];

    /// <summary>The chunks of which no young record, or none at all, says that somebody has them, and that are not here either.</summary>
    public List<(int First, int Last)> Lacks(ChunkSet own, bool whole, long now, bool atAll = false)
    {
        if (whole)
        {
            return [];
        }

        var changes = new int[chunks + 1];
        foreach (var entry in _order)
        {
            if (atAll || now - entry.Born < Fresh)
            {
                entry.Mark(changes, chunks);
            }
        }

        foreach (var (first, last) in own)
        {
            SpreadEntry.Mark(changes, first, last, chunks);
        }

        var (runs, sum, from) = (new List<(int, int)>(), 0, -1);
        for (var chunk = 0; chunk <= chunks; chunk++)
        {
            sum += changes[chunk];
            if (chunk < chunks && sum == 0)
            {
                from = from < 0 ? chunk : from;
            }
            else if (from >= 0)
            {
                runs.Add((from, chunk - 1));
                from = -1;
            }
        }

        return runs;
    }

    /// <summary>Chooses what to tell another: first what says of chunks that he lacks that somebody has them, then some that he does not have, by chance, rather the younger.</summary>
    /// <param name="asking">He, who is told nothing of himself.</param>
    /// <param name="lacks">The chunks that he lacks.</param>
    /// <param name="has">Whether he seems to have a record.</param>
    /// <param name="own">This terminal's own record.</param>
    /// <param name="bytes">How much may be said; if anything, then one record at least: of 1 any, so that those who ask one that all ask do not all learn of the same.</param>
    /// <param name="now">The time.</param>
    public List<(SpreadRecord Record, int Age)> Choose(DeviceName asking, List<(int First, int Last)> lacks, Func<SpreadRecord, bool> has, SpreadRecord? own, int bytes, long now)
    {
        var (chosen, left) = (new List<(SpreadRecord, int)>(), bytes);
        if (bytes <= 0)
        {
            return chosen;
        }

        var candidates = _order.Where(entry => entry.Record.Device != asking).ToList();
        if (own is not null && own.Device != asking)
        {
            candidates.Add(new SpreadEntry(own, now));
        }

        if (candidates.Count > 0 && (bytes is > Little or 1 || random.Next(4) == 0))
        {
            PickAny(looks: 1); // so that views hold others than those who have what few have
        }

        Cover();
        candidates.RemoveAll(entry => has(entry.Record));
        for (var any = 0; any < Any && candidates.Count > 0 && left > 0; any++)
        {
            PickAny(bytes > Little ? 2 : 1);
        }

        return chosen;

        void PickAny(int looks)
        {
            var best = random.Next(candidates.Count);
            for (var i = 1; i < looks; i++)
            {
                var other = random.Next(candidates.Count);
                best = candidates[other].Born > candidates[best].Born ? other : best;
            }

            Pick(best);
        }

        void Pick(int at)
        {
            var entry = candidates[at];
            candidates[at] = candidates[^1];
            candidates.RemoveAt(candidates.Count - 1);
            left -= entry.Record.Bytes.Length + SpreadMessages.PerRecord;
            if (left >= 0 || chosen.Count == 0)
            {
                chosen.Add((entry.Record, (int)Math.Max(0, now - entry.Born)));
            }
        }

        void Cover()
        {
            var open = new bool[chunks];
            foreach (var (first, last) in lacks)
            {
                open.AsSpan(Math.Min(first, chunks), Math.Max(0, Math.Min(last, chunks - 1) - first + 1)).Fill(true);
            }

            var sums = new int[chunks + 1];
            while (left > 0 && lacks.Count > 0)
            {
                for (var chunk = 0; chunk < chunks; chunk++)
                {
                    sums[chunk + 1] = sums[chunk] + (open[chunk] ? 1 : 0);
                }

                var (best, most) = (-1, 0);
                var start = random.Next(Math.Max(1, candidates.Count));
                for (var i = 0; i < candidates.Count; i++)
                {
                    var at = (start + i) % candidates.Count;
                    var isFresh = now - candidates[at].Born < Fresh;
                    var gain = candidates[at].Gain(sums, chunks) * (isFresh ? 4 : 1);
                    gain = gain > most && !isFresh && has(candidates[at].Record) ? 0 : gain;
                    (best, most) = gain > most ? (at, gain) : (best, most);
                }

                if (best < 0)
                {
                    return;
                }

                candidates[best].Clear(open, chunks);
                Pick(best);
            }
        }
    }

    /// <summary>Finds a record that the new one may replace: one whose chunks others have as well, and more of them than the new one's.</summary>
    bool MakeRoom(SpreadEntry entry)
    {
        var (victim, spare) = ((SpreadEntry?)null, -1);
        for (var i = 0; i < Looks; i++)
        {
            var other = _order[random.Next(_order.Count)];
            var its = other.Record.IsGone ? int.MaxValue : other.Rarest(_holders, chunks);
            its = other.IsHolder || its == int.MaxValue ? its : its + 1; // were it younger
            (victim, spare) = its > spare ? (other, its) : (victim, spare);
        }

        var wanted = entry.Record.IsGone ? int.MaxValue : entry.Rarest(_holders, chunks);
        if (spare <= Holders && wanted >= spare)
        {
            return false;
        }

        Remove(victim!);
        return true;
    }

    void Add(SpreadEntry entry, long now)
    {
        entry.Place = _order.Count;
        _order.Add(entry);
        _entries[entry.Record.Device] = entry;
        Hold(entry, now);
    }

    void Remove(SpreadEntry entry)
    {
        var last = _order[^1];
        (_order[entry.Place], last.Place) = (last, entry.Place);
        _order.RemoveAt(_order.Count - 1);
        _entries.Remove(entry.Record.Device);
        Hold(entry, false);
    }

    void Hold(SpreadEntry entry, long now) => Hold(entry, now - entry.Born < Fresh);

    void Hold(SpreadEntry entry, bool isHolder)
    {
        if (entry.IsHolder == isHolder)
        {
            return;
        }

        entry.IsHolder = isHolder;
        var by = isHolder ? 1 : -1;
        foreach (var (first, last) in entry.Runs(chunks))
        {
            for (var chunk = first; chunk <= last; chunk++)
            {
                _holders[chunk] += by;
            }
        }
    }

    void Lose(SpreadRecord record)
    {
        if (!record.IsGone && record.Member.Addresses.Count > 0)
        {
            _lost.RemoveAll(lost => lost.Device == record.Member.Device);
            if (_lost.Count >= MostLost)
            {
                _lost.RemoveAt(random.Next(_lost.Count));
            }

            _lost.Add(record.Member);
        }
    }
}
