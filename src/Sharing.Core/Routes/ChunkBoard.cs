namespace Sharing.Core;

/// <summary>Which source is asked for which part. Guarded by the transfer's gate.</summary>
sealed partial class ChunkBoard(IGroupsHere groups, SourceRoster sources, IChunkSourceSelector selector, int chunkSize, Random random, TimeProvider time, ChunkHistory? history = null)
{
    /// <summary>Among so many a source may choose.</summary>
    const int MostInstead = 64;

    readonly List<Assignment> _assigned = [];
    readonly long _started = time.GetTimestamp();
    readonly FrontFirstPicker _picker = new(new InOrderPicker(new RarestFirstPicker(random)));
    ChunkPlan? _plan;
    int _layout = -1;
    long _front = -1;
    int _groupsPerChunk = chunkSize / ContentTree.GroupSize;

    /// <summary>Seconds since the transfer began.</summary>
    public double Now => time.GetElapsedTime(_started).TotalSeconds;

    /// <summary>Where somebody reads meanwhile, in bytes; -1: nobody does. Set at any time.</summary>
    public long Front
    {
        get => Interlocked.Read(ref _front);
        set => Interlocked.Exchange(ref _front, value);
    }

    /// <summary>Whether something is asked for that could be asked for once more, or left for a source that does not come for it.</summary>
    public bool MayChangeWithTime => _assigned.Count > 0 || _plan?.Wanted > 0;

    /// <summary>Gives the next part to a source if the selector would, of all that is missing; or a part that another does not bring.</summary>
    public Assignment? Take(SourceSlot slot, CancellationTokenSource reading)
    {
        if (!slot.CanServe || IsAhead(Now) || slot.Reads.Count >= LanesOf(slot) || (slot.Parts is not null && !groups.Proofs))
        {
            return null;
        }

        var plan = Plan();
        var now = Now;
        if (groups.Length is null)
        {
            var next = groups.Have.FirstMissing(0) / _groupsPerChunk * _groupsPerChunk;
            return _assigned.Count == 0 && plan.Prefers(slot, 0, orAfterAll: false, now) ? Assign(slot, next, next + _groupsPerChunk, reading) : null;
        }

        _picker.Front = Front is >= 0 and var at ? ChunkOf(at / ContentTree.GroupSize) : -1;
        var chunk = plan.Pick(slot, now);
        if (chunk < 0 && GiveUpSilent(plan, slot, now))
        {
            chunk = plan.Pick(slot, now);
        }

        return chunk >= 0 ? Assign(slot, chunk * (long)_groupsPerChunk, EndOf(plan, slot, chunk, now), reading) : TakeOver(plan, slot, reading, now);
    }

    /// <summary>Gives a source that goes on reading the next chunk, if nobody has it and the selector would.</summary>
    public bool TryExtend(Assignment read, long group)
    {
        var chunk = group / _groupsPerChunk;
        var plan = Plan();
        var wanted = groups.Length is null ? !_assigned.Exists(other => other != read && Covers(other, group)) : plan.Wants((int)chunk);
        if (read.Slot.CanServe && wanted && plan.Prefers(read.Slot, groups.Length is null ? 0 : (int)chunk, orAfterAll: false, Now))
        {
            Note(read.Slot, group, (chunk + 1) * _groupsPerChunk, ChoiceKind.FollowsOn);
            Ask(read, (chunk + 1) * _groupsPerChunk, group);
            return true;
        }

        return false;
    }

    /// <summary>A read is over. What it did not bring is wanted again; who was asked for the same need not bring it.</summary>
    public void Release(Assignment read)
    {
        _assigned.Remove(read);
        read.Slot.Reads.Remove(read);
        read.Arrived(read.Left);
        if (groups.Length is null)
        {
            return;
        }

        WantMissing(Plan(), read);
        _assigned.FindAll(other => (other.IsDoubled || read.IsGivenUp) && IsDone(other)).ForEach(static other => other.Cut());
    }

    void WantMissing(ChunkPlan plan, Assignment read)
    {
        for (var chunk = ChunkOf(read.FirstGroup); chunk < plan.Count && chunk * (long)_groupsPerChunk < read.EndGroup; chunk++)
        {
            if (IsMissing(chunk) && !IsAssigned(chunk))
            {
                plan.Want(chunk);
            }
        }
    }

    /// <summary>The whole chunks that groups completed which came just now.</summary>
    public IEnumerable<ByteRun> Completed(long firstGroup, long endGroup)
    {
        if (groups.Length is not { } length)
        {
            yield break;
        }

        Plan();
        var size = (long)_groupsPerChunk * ContentTree.GroupSize;
        for (var chunk = ChunkOf(firstGroup); chunk * (long)_groupsPerChunk < endGroup && chunk * size < Math.Max(1, length); chunk++)
        {
            if (!IsMissing(chunk))
            {
                yield return new(chunk * size, Math.Min(size, length - (chunk * size)));
            }
        }
    }

    /// <summary>A source brought groups.</summary>
    public void Brought(SourceSlot slot, long firstGroup, long endGroup)
    {
        for (var chunk = ChunkOf(firstGroup); chunk * (long)_groupsPerChunk < endGroup; chunk++)
        {
            history?.Brought(slot, chunk);
        }
    }

    /// <summary>What it looks like now.</summary>
    public TransferView View(bool isComplete) => TransferViews.Of(groups.Length, groups.Have, sources, Plan(), history, isComplete, Now);

    /// <summary>Why the last source was asked for a chunk.</summary>
    public ChunkChoice? Explain(int chunk) => history?.Of(chunk, sources.Slots);

    public void Add(SourceSlot slot) => _plan?.Add(slot);

    public void Remove(SourceSlot slot) => _plan?.Remove(slot);

    /// <summary>A source has more bytes: the chunks that are in them as a whole.</summary>
    public void Hold(SourceSlot slot, ByteRun run)
    {
        if (groups.Length is not { } length)
        {
            return;
        }

        var (plan, size) = (Plan(), (long)_groupsPerChunk * ContentTree.GroupSize);
        var first = Math.Max(0, run.Offset + size - 1) / size;
        var end = run.Offset + run.Length >= length ? plan.Count : Math.Min(plan.Count, (run.Offset + run.Length) / size);
        if (end > first)
        {
            plan.Hold(slot, (int)first, (int)(end - first));
        }
    }

    /// <summary>What may come instead of what a source was asked for: other chunks that no peer has, where none has that one.</summary>
    /// <returns>What was asked for, and what may come instead; <c>null</c>: it has no choice, not even to say that others are before.</returns>
    public List<ByteRun>? InsteadOf(Assignment read)
    {
        var plan = Plan();
        if (!IsChooser(plan, read.Slot) || groups.Have.FirstMissing(read.FirstGroup) != read.FirstGroup)
        {
            return null;
        }

        var parts = new List<ByteRun> { RunOf(read.FirstGroup, read.EndGroup) };
        if (!read.IsDoubled && plan.NobodyHas(ChunkOf(read.FirstGroup)))
        {
            Span<int> others = stackalloc int[MostInstead];
            foreach (var chunk in others[..plan.SampleUnheld(others, random)])
            {
                var first = chunk * (long)_groupsPerChunk;
                if (groups.Have.FirstMissing(first) == first)
                {
                    parts.Add(RunOf(first, Math.Min(first + read.EndGroup - read.FirstGroup, ContentTree.GroupCount(groups.Length!.Value))));
                }
            }
        }

        return parts;
    }

    /// <summary>Another part comes than was asked for. What was asked for is wanted again.</summary>
    void ComesInstead(Assignment read, ByteRun part)
    {
        var (chunk, first) = (ChunkOf(read.FirstGroup), part.Offset / ContentTree.GroupSize);
        Note(read.Slot, first, first + 1, ChoiceKind.ServersChoice);
        read.Arrived(read.Left);
        read.Move(first);
        Ask(read, (part.Offset + part.Length + ContentTree.GroupSize - 1) / ContentTree.GroupSize, first);
        if (IsMissing(chunk) && !IsAssigned(chunk))
        {
            Plan().Want(chunk);
        }
    }

    /// <summary>A source answers with the part that was asked for first, or with another; or says that others get all of them just now.</summary>
    /// <param name="read">What was asked for.</param>
    /// <param name="parts">What might have come instead.</param>
    /// <param name="chosen">Which comes; -1: none.</param>
    public void Answered(Assignment read, List<ByteRun> parts, int chosen)
    {
        if (chosen < 0)
        {
            read.Slot.HoldBack(Now, random.NextDouble());
            return;
        }

        read.Slot.Gave();
        if (chosen > 0)
        {
            ComesInstead(read, parts[chosen]);
        }
    }

    /// <summary>A server that chooses among what no peer has. It is not tried by a group first: of many newcomers each would have it send one that others could bring.</summary>
    bool IsChooser(ChunkPlan plan, SourceSlot slot) => slot is { Parts: IPartChooser, Traits.Kind: SourceKind.Server } && (sources.MayCome || plan.AnyHeldByPeers);

    ByteRun RunOf(long group, long end) => new(
        group * ContentTree.GroupSize, Math.Min(end * ContentTree.GroupSize, groups.Length ?? long.MaxValue) - (group * ContentTree.GroupSize));

    /// <summary>The plan of the length and the version that are known now.</summary>
    ChunkPlan Plan()
    {
        if (_plan is { } current && _layout == groups.Layout)
        {
            return current;
        }

        var length = groups.Length ?? 0;
        _groupsPerChunk = TransferRequest.ChunkSizeOf(length, chunkSize) / ContentTree.GroupSize;
        var count = (int)Math.Max(1, (ContentTree.GroupCount(length) + _groupsPerChunk - 1) / _groupsPerChunk);
        (_plan, _layout) = (new ChunkPlan(count, _groupsPerChunk * ContentTree.GroupSize, _picker, selector), groups.Layout);
        history?.Begin(count);
        for (var chunk = 0; chunk < count; chunk++)
        {
            if (IsMissing(chunk) && !IsAssigned(chunk))
            {
                _plan.Want(chunk);
            }
        }

        foreach (var slot in sources.Slots)
        {
            if (!slot.Dropped)
            {
                _plan.Add(slot);
            }
        }

        return _plan;
    }

    Assignment Assign(SourceSlot slot, long first, long end, CancellationTokenSource reading, SourceSlot? late = null)
    {
        Note(slot, first, end, late is null ? ChoiceKind.Cheapest : ChoiceKind.TakenOver, late);
        var read = new Assignment(slot, first, first, reading);
        _assigned.Add(read);
        slot.Reads.Add(read);
        Ask(read, groups.Length is { } length ? Math.Min(end, ContentTree.GroupCount(length)) : end, first);
        return read;
    }

    void Ask(Assignment read, long end, long from)
    {
        read.Ask(end, (end - from) * ContentTree.GroupSize, Now);
        for (var chunk = ChunkOf(from); groups.Length is not null && chunk * (long)_groupsPerChunk < end && chunk < _plan!.Count; chunk++)
        {
            _plan.Unwant(chunk);
        }
    }

    /// <summary>Remembers a choice, before the source is asked: what was compared is as it was then.</summary>
    void Note(SourceSlot slot, long first, long end, ChoiceKind why, SourceSlot? late = null)
    {
        if (groups.Length is not null)
        {
            history?.Asked(_plan!, slot, ChunkOf(first), ChunkOf(end + _groupsPerChunk - 1), why, late, Now);
        }
    }

    int ChunkOf(long group) => (int)(group / _groupsPerChunk);

    bool IsMissing(int chunk) => groups.Have.FirstMissing(chunk * (long)_groupsPerChunk) < Math.Min((chunk + 1) * (long)_groupsPerChunk, ContentTree.GroupCount(groups.Length ?? 0));

    /// <summary>Whether somebody is asked for what is missing of a chunk, or for some of it.</summary>
    bool IsAssigned(int chunk) => _assigned.Exists(read => !read.IsGivenUp && !IsDone(read) && read.FirstGroup < (chunk + 1) * (long)_groupsPerChunk && read.EndGroup > chunk * (long)_groupsPerChunk);

    /// <summary>Whether all that was asked for is there, by whomever.</summary>
    bool IsDone(Assignment read) => groups.Have.FirstMissing(read.FirstGroup) >= read.EndGroup;

    static bool Covers(Assignment read, long group) => read.FirstGroup <= group && group < read.EndGroup;
}
