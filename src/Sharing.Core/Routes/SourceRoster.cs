namespace Sharing.Core;

/// <summary>The sources of a transfer: which are left, and who is told when that changes. Guarded by the transfer's gate.</summary>
/// <param name="slots">The sources.</param>
/// <param name="mayCome">Whether there may be others later.</param>
/// <param name="finished">Fails when no source is left.</param>
sealed class SourceRoster(List<SourceSlot> slots, bool mayCome, TaskCompletionSource finished)
{
    TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public List<SourceSlot> Slots => slots;

    /// <summary>The number of the source at a place; those beyond what is told apart share the last.</summary>
    public static short NumberAt(int place) => (short)Math.Min(place + 1, short.MaxValue);

    /// <summary>Whether sources may come that are not known yet.</summary>
    public bool MayCome { get; private set; } = mayCome;

    /// <summary>Ends when there may be something to do for a source that had nothing.</summary>
    public Task Changed => _changed.Task;

    public void Signal()
    {
        var changed = _changed;
        _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.TrySetResult();
    }

    /// <summary>Cuts the reads of all other sources.</summary>
    public void CutOthers(SourceSlot by)
    {
        foreach (var other in slots.Where(other => other != by))
        {
            other.CutReads();
        }
    }

    /// <summary>A source can deliver (again): what an origin is busy with, and may never finish, the selector gives to whom it likes.</summary>
    public void Preempt(SourceSlot by)
    {
        if (by.Source.Traits.Kind != SourceKind.Origin && by.CanServe)
        {
            foreach (var origin in slots.Where(s => s.Source.Traits.Kind == SourceKind.Origin))
            {
                origin.CutReads();
            }
        }

        Signal();
    }

    /// <summary>Drops a source for what it has, or will never have.</summary>
    public void DropIf(bool useless, SourceSlot slot, Exception? why)
    {
        if (useless)
        {
            slot.Useless = true;
            slot.LastError = why ?? slot.LastError;
            Drop(slot);
        }
    }

    public void Drop(SourceSlot slot)
    {
        slot.Dropped = true;
        slot.CutReads(); // also its other reads bring nothing good
        FailIfNoneIsLeft();
        Signal();
    }

    /// <summary>No other sources will come.</summary>
    public void End()
    {
        MayCome = false;
        FailIfNoneIsLeft();
    }

    public void FailIfNoneIsLeft()
    {
        if (!MayCome && slots.TrueForAll(s => s.Dropped))
        {
            var cause = slots.Select(s => s.LastError).FirstOrDefault(e => e is not null);
            finished.TrySetException(new SharingException(ProblemCodes.NoSource, "No source is left that can deliver the rest.", cause));
        }
    }
}
