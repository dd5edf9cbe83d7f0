namespace Sharing.P2P;

/// <summary>One content's part of a spread index on one terminal: what it says of itself, what it knows of others, and what it asks and answers. No input or output: whoever has it carries the
/// messages. Thread-safe.</summary>
/// <remarks>
/// Once a second it asks one other, with its own record; he answers with records that it lacks. Questions (about 500 bytes) and answers are paid from one budget (<see cref="Rate"/>): who has spent it
/// answers with nothing, and the next is asked. Only who knows hardly anybody gets a record always. A sender of what is not true is not listened to any more. Times are milliseconds since any beginning.
/// </remarks>
sealed class SpreadSwarm(SpreadSwarm.Setting setting, Random random)
{
    /// <summary>Between two questions.</summary>
    public const int Pause = 1000;

    /// <summary>So many are asked one after the other where they cannot be reached or have nothing to say.</summary>
    const int Tries = 3;

    /// <summary>A terminal says anew what it has after so long, also if it is the same: so long may others rely on what it said before.</summary>
    const int Renew = 5000;

    /// <summary>So long it goes on after it has left, so that others hear of it.</summary>
    const int Farewell = 10_000;

    /// <summary>Bytes said in a second.</summary>
    const int Rate = 1700;

    const int MostBanned = 1000;
    const int LostEvery = 4;

    /// <summary>Who knows so few is as one who knows nobody.</summary>
    const int Few = 4;

    readonly Lock _lock = new();
    readonly SpreadView _view = new(setting.Chunks, setting.Life, random);
    readonly HashSet<DeviceName> _banned = [];
    SpreadRecord? _own;
    SwarmMember? _member;
    ChunkSet _chunks;
    string _ticket = "";
    long _said, _signed, _version, _left, _spent, _round;
    double _budget = 1000;
    bool _changed;

    /// <summary>What it knows of others takes about so many bytes.</summary>
    public int Bytes
    {
        get
        {
            lock (_lock)
            {
                return _view.Bytes;
            }
        }
    }

    /// <summary>Says what this terminal has.</summary>
    public void Say(SwarmMember member, ChunkSet chunks, string ticket, long now)
    {
        lock (_lock)
        {
            if (_member is not null && (member.Session, member.Version).CompareTo((_member.Session, _member.Version)) < 0)
            {
                return;
            }

            _changed |= _member is null || _left > 0 || (member with { Version = 0, Load = 0, Addresses = _member.Addresses }) != (_member with { Version = 0, Load = 0 })
                || !member.Addresses.SequenceEqual(_member.Addresses) || !chunks.Form.Span.SequenceEqual(_chunks.Form.Span) || ticket != _ticket;
            (_member, _chunks, _ticket, _said, _left) = (member, chunks, ticket, now, 0);
        }
    }

    /// <summary>This terminal goes.</summary>
    public void Leave(long now)
    {
        lock (_lock)
        {
            (_left, _changed) = _left == 0 ? (Math.Max(1, now), true) : (_left, _changed);
        }
    }

    /// <summary>Whether nothing is said here any more.</summary>
    public bool IsOver(long now)
    {
        lock (_lock)
        {
            return _member is null || (_left > 0 && now - _left > Farewell);
        }
    }

    /// <summary>Exchanges once: asks somebody, and others where he is not there or says nothing.</summary>
    /// <param name="start">Those that are known from elsewhere.</param>
    /// <param name="now">Tells the time.</param>
    /// <param name="ask">Carries a question to one and his answer back; <c>null</c>: he cannot be reached.</param>
    public async ValueTask ExchangeAsync(IReadOnlyList<SwarmMember> start, Func<long> now, Func<SwarmMember, byte[], ValueTask<byte[]?>> ask)
    {
        for (var tries = 0; tries < Tries && Ask(start, now(), tries) is { } asked; tries++)
        {
            if (DeviceName.Parse(asked.Partner.Device) is not { } partner)
            {
                return;
            }

            if (await ask(asked.Partner, asked.Question) is not { } answer)
            {
                Unreached(partner);
            }
            else if (answer.Length > 0)
            {
                Hear(partner, answer, now());
                return;
            }
        }
    }

    /// <summary>Whom to ask now, and what; <c>null</c>: nobody.</summary>
    public (SwarmMember Partner, byte[] Question)? Ask(IReadOnlyList<SwarmMember> start, long now, int tries = 0)
    {
        lock (_lock)
        {
            _view.Expire(now);
            if (Own(now) is not { } own || (tries > 0 && Budget(now) <= 0))
            {
                return null;
            }

            var few = _view.Count < Few;
            var again = ++_round % LostEvery == 0;
            var partner = again ? _view.Lost() ?? _view.Partner(now) : _view.Partner(now);
            partner = partner is null || ((again || few) && random.Next(2) == 0) ? Other(start) ?? partner ?? _view.Lost() : partner;
            if (partner is null)
            {
                return null;
            }

            // Mostly for what it knows nobody of; otherwise that would be one of much that is known, and only old.
            var lacks = random.Next(4) != 0 ? _view.Lacks(_chunks, own.Member.IsWhole, now, atAll: true) : [];
            lacks = lacks.Count > 0 ? lacks : _view.Lacks(_chunks, own.Member.IsWhole, now);
            var question = SpreadMessages.Ask(own, lacks, few ? [] : [.. _view.Records], random);
            _budget -= question.Length;
            return (partner, question);
        }
    }

    /// <summary>Answers a question; <c>null</c>: it is none, or is not true.</summary>
    public byte[]? Answer(ReadOnlySpan<byte> question, long now)
    {
        lock (_lock)
        {
            if (SpreadMessages.ReadQuestion(question) is not { } asked || asked.Own.Device == _own?.Device || !Take(asked.Own, 0, asked.Own.Device, now))
            {
                return null;
            }

            _view.Expire(now);
            var budget = asked.KnowsFew ? Math.Max(1, Budget(now)) : Budget(now);
            var answer = SpreadMessages.Answer(_view.Choose(asked.Own.Device, asked.Lacks, asked.Has, Own(now), budget, now));
            _budget = Math.Max(-SpreadMessages.MostAnswer, _budget - answer.Length); // however many know nobody: others are answered again soon
            return answer;
        }
    }

    /// <summary>Hears what a terminal answered.</summary>
    /// <returns>Whether anything was news.</returns>
    public bool Hear(DeviceName from, ReadOnlySpan<byte> answer, long now)
    {
        lock (_lock)
        {
            if (SpreadMessages.ReadAnswer(answer) is not { } records)
            {
                Ban(from);
                return false;
            }

            var news = false;
            foreach (var (record, age) in records)
            {
                var before = _view.Find(record.Device);
                if (record.Device != _own?.Device && !Take(record, age, from, now))
                {
                    return news;
                }

                news |= !ReferenceEquals(before, _view.Find(record.Device));
            }

            return news;
        }
    }

    void Unreached(DeviceName device)
    {
        lock (_lock)
        {
            _view.Drop(device);
        }
    }

    /// <summary>The others, a sample where they are many: first those that have what few have.</summary>
    public (List<SwarmMember> Members, int Count) Look(int most, long now)
    {
        lock (_lock)
        {
            _view.Expire(now);
            return (_view.Sample(most), _view.Members.Count() + 1);
        }
    }

    /// <summary>Whether somebody is known who has a chunk and whom the judge accepts.</summary>
    public bool Knows(int chunk, Func<DeviceName, bool> accepts)
    {
        lock (_lock)
        {
            return _view.KnowsHolder(chunk, accepts);
        }
    }

    /// <summary>How many bytes may be said now.</summary>
    int Budget(long now)
    {
        (_budget, _spent) = (Math.Min(SpreadMessages.MostAnswer, _budget + ((now - _spent) * Rate / 1000.0)), now);
        return (int)_budget;
    }

    /// <summary>This terminal's record, new where it is time.</summary>
    SpreadRecord? Own(long now)
    {
        if (_member is null)
        {
            return null;
        }

        if (_left == 0 && now - _said >= setting.Life)
        {
            (_left, _changed) = (Math.Max(1, now), true);
        }

        if (_changed || now - _signed >= Renew)
        {
            _version = Math.Max(Math.Max(_version + 1, now), _member.Version); // after it left and came again it is newer, too
            _own = SpreadRecord.Make(setting.Key, _ticket, _member with { Version = _version }, _chunks, _left > 0, setting.Sign) ?? _own;
            (_signed, _changed) = (now, false);
        }

        return _own;
    }

    /// <returns>Whether it is true.</returns>
    bool Take(SpreadRecord record, int age, DeviceName from, long now)
    {
        if (_banned.Contains(from) || _banned.Contains(record.Device))
        {
            return !_banned.Contains(from);
        }

        var known = _view.Find(record.Device);
        if (known is null || record.Age.CompareTo(known.Age) > 0)
        {
            if (setting.IsTrue(record, known) is not { } good)
            {
                return from != record.Device; // its ticket has expired, which whoever handed it on need not know
            }

            if (!good)
            {
                Ban(from);
                return false;
            }
        }

        _view.Take(record, age, now);
        return true;
    }

    void Ban(DeviceName device)
    {
        if (_banned.Count >= MostBanned)
        {
            _banned.Clear();
        }

        _banned.Add(device);
        _view.Drop(device, forGood: true);
    }

    SwarmMember? Other(IReadOnlyList<SwarmMember> start)
    {
        for (var i = 0; i < start.Count; i++)
        {
            var one = start[random.Next(start.Count)];
            if (one.Device != _own?.Member.Device && one.Addresses.Count > 0)
            {
                return one;
            }
        }

        return null;
    }

    /// <summary>What a swarm needs from outside.</summary>
    /// <param name="Chunks">How many chunks the content has.</param>
    /// <param name="Life">For how long what is said counts, in milliseconds.</param>
    /// <param name="Key">This terminal's key: a SubjectPublicKeyInfo.</param>
    /// <param name="Sign">Signs with it.</param>
    /// <param name="IsTrue">Whether a record is true, given one of the same terminal that is; <c>null</c>: its ticket has expired.</param>
    public sealed record Setting(int Chunks, int Life, byte[] Key, Func<byte[], byte[]> Sign, Func<SpreadRecord, SpreadRecord?, bool?> IsTrue);
}
