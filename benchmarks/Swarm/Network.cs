namespace Sharing.Swarm;

/// <summary>Links with capacities, and the transfers on them.</summary>
/// <remarks>Transfers share links by max-min fairness, which TCP comes near to: what a transfer cannot use because its other end is slow goes to the others. Only the links near a change are reckoned
/// anew, and what changes by less than a fiftieth is taken for the same. <see cref="IsExact"/> fills all links up (progressive filling), which costs a pass over all transfers for each that begins or
/// ends.</remarks>
sealed class Network(int hosts, Agenda agenda, VirtualTime time)
{
    /// <summary>A share that differs by no more than that is the same.</summary>
    const double Tolerance = 0.02;

    /// <summary>So many links are looked at for one transfer that begins or ends, and those next to them.</summary>
    const int MostLooked = 100;

    Flow[] _flows = new Flow[1024];
    int _free;
    int _used;
    readonly int[] _upFirst = new int[hosts];
    readonly int[] _downFirst = new int[hosts];
    readonly int[] _upCount = new int[hosts];
    readonly int[] _downCount = new int[hosts];
    readonly double[] _upShare = Endless(hosts);
    readonly double[] _downShare = Endless(hosts);
    readonly List<int> _looked = [];
    readonly Dictionary<int, bool> _isLooked = [];
    readonly Filling _filling = new(hosts);

    /// <summary>Bytes of content a second that a host can send.</summary>
    public double[] Up { get; } = new double[hosts];

    /// <summary>And receive.</summary>
    public double[] Down { get; } = new double[hosts];

    /// <summary>What each has sent, in bytes of content.</summary>
    public double[] Sent { get; } = new double[hosts];

    public bool IsExact { get; init; }

    static double[] Endless(int hosts)
    {
        var shares = new double[hosts];
        Array.Fill(shares, double.PositiveInfinity);
        return shares;
    }

    public ref Flow this[int flow] => ref _flows[flow];

    public int UpCount(int host) => _upCount[host];

    /// <summary>Room for a transfer that does not begin yet.</summary>
    public int Add()
    {
        if (_free > 0)
        {
            var reused = _free;
            _free = _flows[reused].NextUp;
            return reused;
        }

        if (++_used == _flows.Length)
        {
            Array.Resize(ref _flows, 2 * _used);
        }

        return _used;
    }

    /// <summary>Its bytes begin to come.</summary>
    public void Open(int index, double bytes)
    {
        ref var flow = ref _flows[index];
        (flow.IsOpen, flow.Bytes, flow.Left, flow.Told, flow.Rate, flow.Counted, flow.Due) = (true, bytes, bytes, 0, 0, time.Now, double.PositiveInfinity);
        (flow.NextUp, flow.LastUp, flow.NextDown, flow.LastDown) = (_upFirst[flow.From], 0, _downFirst[flow.To], 0);
        _flows[flow.NextUp].LastUp = _flows[flow.NextDown].LastDown = index;
        (_upFirst[flow.From], _downFirst[flow.To]) = (index, index);
        _upCount[flow.From]++;
        _downCount[flow.To]++;
        Share(flow.From, flow.To);
    }

    /// <summary>It is over, or given up; its place is free.</summary>
    public void Remove(int index)
    {
        ref var flow = ref _flows[index];
        if (flow.IsOpen)
        {
            Count(ref flow);
            flow.IsOpen = false;
            _upFirst[flow.From] = _upFirst[flow.From] == index ? flow.NextUp : _upFirst[flow.From];
            _downFirst[flow.To] = _downFirst[flow.To] == index ? flow.NextDown : _downFirst[flow.To];
            (_flows[flow.LastUp].NextUp, _flows[flow.NextUp].LastUp) = (flow.NextUp, flow.LastUp);
            (_flows[flow.LastDown].NextDown, _flows[flow.NextDown].LastDown) = (flow.NextDown, flow.LastDown);
            _upCount[flow.From]--;
            _downCount[flow.To]--;
            Share(flow.From, flow.To);
        }

        flow.Version++;
        flow.Read = null;
        (flow.NextUp, _free) = (_free, index);
    }

    /// <summary>A transfer was due: whether it is over.</summary>
    public bool IsOver(int index, int version)
    {
        ref var flow = ref _flows[index];
        if (!flow.IsOpen || flow.Version != version)
        {
            return false;
        }

        Count(ref flow);
        if (flow.Left <= 0.5)
        {
            return true;
        }

        Expect(index, ref flow);
        return false;
    }

    /// <summary>Counts what has come until now.</summary>
    public void Count(ref Flow flow)
    {
        var came = Math.Min(flow.Left, flow.Rate * (time.Now - flow.Counted));
        (flow.Left, flow.Counted) = (flow.Left - came, time.Now);
        Sent[flow.From] += came;
    }

    public void CountAll()
    {
        for (var flow = 1; flow <= _used; flow++)
        {
            if (_flows[flow].IsOpen)
            {
                Count(ref _flows[flow]);
            }
        }
    }

    /// <summary>The newest of the transfers that a host sends; 0: none.</summary>
    public int FirstFrom(int host) => _upFirst[host];

    void Share(int from, int to)
    {
        if (IsExact)
        {
            _filling.Fill(_flows.AsSpan(0, _used + 1), Up, Down);
            for (var other = 1; other <= _used; other++)
            {
                if (_flows[other].IsOpen)
                {
                    Set(other, _filling.RateOf(other));
                }
            }

            return;
        }

        Look(from);
        Look(~to);
        for (var next = 0; next < _looked.Count; next++)
        {
            _isLooked.Remove(_looked[next], out _);
            Fill(_looked[next], propagates: next < MostLooked);
        }

        foreach (var link in _looked)
        {
            for (var other = FirstOn(link); other != 0; other = NextOn(link, other))
            {
                Set(other, Math.Min(_upShare[_flows[other].From], _downShare[_flows[other].To]));
            }
        }

        _looked.Clear();
    }

    int FirstOn(int link) => link >= 0 ? _upFirst[link] : _downFirst[~link];

    int NextOn(int link, int flow) => link >= 0 ? _flows[flow].NextUp : _flows[flow].NextDown;

    ref double ShareOf(int link) => ref link >= 0 ? ref _upShare[link] : ref _downShare[~link];

    int OtherLink(int link, int flow) => link >= 0 ? ~_flows[flow].To : _flows[flow].From;

    void Look(int link)
    {
        if (_isLooked.TryAdd(link, true))
        {
            _looked.Add(link);
        }
    }

    /// <summary>The most that each transfer on a link may have, so that those that have less elsewhere leave the rest to the others. Where that changed, the other ends of those that it counts for are looked at.</summary>
    void Fill(int link, bool propagates)
    {
        var (rest, count, share) = (link >= 0 ? Up[link] : Down[~link], link >= 0 ? _upCount[link] : _downCount[~link], double.PositiveInfinity);
        for (var (taken, least) = (0, 0.0); count > 0; count -= taken)
        {
            (share, taken) = (rest / count, 0);
            for (var flow = FirstOn(link); flow != 0; flow = NextOn(link, flow))
            {
                var elsewhere = ShareOf(OtherLink(link, flow));
                if (elsewhere >= least && elsewhere < share)
                {
                    (rest, taken) = (rest - elsewhere, taken + 1);
                }
            }

            if (taken == 0)
            {
                break;
            }

            (least, share) = (share, double.PositiveInfinity);
        }

        ref var before = ref ShareOf(link);
        if (share <= before * (1 + Tolerance) && share >= before * (1 - Tolerance))
        {
            return;
        }

        var less = Math.Min(share, before);
        before = share;
        for (var flow = FirstOn(link); propagates && flow != 0; flow = NextOn(link, flow))
        {
            if (ShareOf(OtherLink(link, flow)) > less)
            {
                Look(OtherLink(link, flow));
            }
        }
    }

    void Set(int index, double rate)
    {
        ref var flow = ref _flows[index];
        if (rate != flow.Rate)
        {
            Count(ref flow);
            flow.Rate = rate;
            if (time.Now + (flow.Left / rate) < flow.Due)
            {
                Expect(index, ref flow);
            }
        }
    }

    void Expect(int index, ref Flow flow)
    {
        flow.Due = time.Now + (flow.Left / flow.Rate);
        agenda.Add(flow.Due, What.Due, index, ++flow.Version);
    }

}
