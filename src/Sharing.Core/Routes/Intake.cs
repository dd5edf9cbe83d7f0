using Microsoft.Extensions.Logging;

namespace Sharing.Core;

/// <summary>What a transfer takes of that which its sources bring, one step at a time.</summary>
/// <remarks>A gate makes every change of what is there one step. The epoch counts what overtakes reads: bytes of a read that began in another
/// epoch are never written.</remarks>
sealed class Intake(
    TransferRequest request, TransferOptions options, ILogger logger, PartialGroups groups, SourceRoster sources, ChunkBoard chunks, TaskCompletionSource finished,
    TransferMeter meter, CancellationToken stop) : IDisposable
{
    const double AdoptionSeconds = 0.5;

    readonly SemaphoreSlim _gate = new(1, 1);
    int _originChanges;
    int _adoptions;
    double _checkpointed;
    double _adopting = double.NegativeInfinity;
    TaskCompletionSource _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public PartialGroups Groups => groups;

    /// <summary>What is proven, for those who take it from here.</summary>
    public HeldLog Held { get; } = new();

    /// <summary>Read in the gate.</summary>
    public int Epoch { get; private set; }

    public void Dispose() => _gate.Dispose();

    public async ValueTask<Gate> EnterAsync()
    {
        await _gate.WaitAsync(stop);
        return new Gate(_gate);
    }

    /// <summary>Enters also when the transfer has been stopped.</summary>
    public async ValueTask<Gate> EnterAtEndAsync()
    {
        await _gate.WaitAsync(CancellationToken.None);
        return new Gate(_gate);
    }

    /// <summary>Where the content is known already: the source joins in if it has the same, and is of no use if it has another while
    /// somebody has the one that is known.</summary>
    public bool TryJoin(SourceSlot slot, SourceOffer offer)
    {
        if (request.Content is { } wanted && offer.ContentId != wanted)
        {
            sources.DropIf(true, slot, new SharingException(ProblemCodes.ContentMismatch, "It has another content than was asked for."));
            return true;
        }

        if (groups.State is not { Proofs: true, Target: { } target })
        {
            return false;
        }

        if (target == offer.ContentId)
        {
            slot.Offer = offer;
            sources.Preempt(slot);
            return true;
        }

        var known = sources.Slots.Any(s => !s.Dropped && s.Offer?.ContentId == target);
        sources.DropIf(known, slot, new SharingException(ProblemCodes.ContentMismatch, "It has another content."));
        return known;
    }

    /// <summary>A source has begun to say what the content is. Called in the gate; ends with <see cref="EndAdoptionAsync"/>.</summary>
    public void BeginAdoption()
    {
        if (_adoptions++ == 0)
        {
            _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Begins it for a source that may have only some of the content, if no other is about to, or takes long: what all know need not be asked of all.</summary>
    public bool TryBeginAdoption(double now)
    {
        if (_adoptions > 0 && now - _adopting < AdoptionSeconds)
        {
            return false;
        }

        _adopting = now;
        BeginAdoption();
        return true;
    }

    /// <summary>It has said it, or will not. Called without the gate.</summary>
    public async Task EndAdoptionAsync()
    {
        using (await EnterAtEndAsync())
        {
            if (--_adoptions == 0)
            {
                _settled.TrySetResult();
                sources.Signal();
            }
        }
    }

    /// <summary>Ends when no source is about to say what the content is.</summary>
    public Task Settled => _settled.Task;

    /// <summary>Whether an answer has to wait: it would drop what is there, while a source is about to say which of it is right. Called in the gate.</summary>
    public bool MustWait(SourceOffer offer) => _adoptions > 0 && !groups.State.Proofs && groups.Have.Count > 0 && !IsSameVersion(offer);

    /// <summary>A source came that knows what the content is: from now on every group is proven.</summary>
    public async Task AdoptAsync(SourceSlot slot, SourceOffer offer, ProofList proofs)
    {
        Overtake(slot);
        var before = groups.Have.Count;
        var dropped = await groups.AdoptAsync(proofs, stop);
        slot.Offer = offer;
        RoutesLog.Adopted(logger, request.Key, slot.Source.Traits.Name, proofs.Content.Id, before - dropped, dropped);
        TellHeld(0, long.MaxValue);
        ReportDone();
        FinishIfComplete();
        sources.Signal();
    }

    /// <summary>Tells those who take from here of what is complete now.</summary>
    public void TellHeld(long firstGroup, long endGroup)
    {
        if (groups.State.Proofs)
        {
            foreach (var run in chunks.Completed(firstGroup, endGroup))
            {
                Held.Add(run);
            }
        }
    }

    /// <summary>What reads under way still bring is of yesterday.</summary>
    void Overtake(SourceSlot by)
    {
        Epoch++;
        sources.CutOthers(by);
    }

    /// <summary>Decides whether what a source says with its answer fits what is there. Called in the gate.</summary>
    public async Task AcceptAsync(SourceSlot slot, SourceOffer offer)
    {
        CheckLength(offer.Length);
        var state = groups.State;
        if (state.Proofs)
        {
            if (!Fits(offer))
            {
                throw new SourceFailedException("It offers another length.", permanent: true);
            }

            return;
        }

        if (IsSameVersion(offer) && await LearnLengthAsync(offer.Length))
        {
            return;
        }

        if (state == new TransferState())
        {
            await groups.BeginAsync(offer, stop);
            return;
        }

        if (groups.Have.Count > 0 && state.Validator is not null)
        {
            if (++_originChanges > options.MaxOriginChanges)
            {
                throw new SharingException(ProblemCodes.OriginChanged, $"The origin changed its bytes {_originChanges} times while they were fetched.");
            }

            RoutesLog.OriginChanged(logger, request.Key, slot.Source.Traits.Name, _originChanges);
            meter.OriginChanged();
        }

        Overtake(slot);
        await groups.ResetAsync(stop);
        await groups.BeginAsync(offer, stop);
        ReportDone();
    }

    bool Fits(SourceOffer offer) => offer.Length is null || groups.State.Length is null || offer.Length == groups.State.Length;

    /// <summary>Whether an answer is known to be of the version that is there.</summary>
    bool IsSameVersion(SourceOffer offer) => Fits(offer) && offer.Validator is not null && offer.Validator == groups.State.Validator;

    /// <summary>Takes a length that was not known before, unless what is there goes beyond it.</summary>
    async Task<bool> LearnLengthAsync(long? length)
    {
        if (groups.State.Length is null && length is { } total)
        {
            if (groups.Have.AnyFrom(total / ContentTree.GroupSize))
            {
                return false;
            }

            await groups.SetLengthAsync(total, stop);
            FinishIfComplete();
        }

        return true;
    }

    /// <summary>Takes the bytes of whole groups that follow each other if nothing overtook the read. Called without the gate.</summary>
    /// <param name="read">The read.</param>
    /// <param name="epoch">When it began.</param>
    /// <param name="firstGroup">The first group.</param>
    /// <param name="bytes">The bytes.</param>
    /// <param name="proven">Where there are proofs, the hashes that the groups must have, and have.</param>
    /// <returns>Whether the read may go on.</returns>
    public async Task<bool> TakeGroupsAsync(Assignment read, int epoch, long firstGroup, ReadOnlyMemory<byte> bytes, ReadOnlyMemory<byte> proven)
    {
        using (await EnterAsync())
        {
            read.Arrived(bytes.Length);
            if (epoch != Epoch)
            {
                return false;
            }

            await KeepAsync(read, firstGroup, bytes, proven);
            var next = firstGroup + ContentTree.GroupCount(bytes.Length);
            return !finished.Task.IsCompleted && (read.Slot.Parts is null || (next < read.EndGroup && !groups.Have[next])); // another may have been asked for the rest meanwhile
        }
    }

    /// <summary>Takes what came before a body ended: there the content ends, if nobody has said or seen anything else. Called without the gate.</summary>
    public async Task TakeEndAsync(Assignment read, int epoch, long group, ReadOnlyMemory<byte> bytes)
    {
        using (await EnterAsync())
        {
            if (epoch != Epoch)
            {
                return;
            }

            if (groups.State.Length is not null || groups.Have.AnyFrom(group))
            {
                throw new SourceFailedException("It stopped in the middle.");
            }

            var length = (group * ContentTree.GroupSize) + bytes.Length;
            CheckLength(length);
            await groups.SetLengthAsync(length, stop);
            if (bytes.Length > 0 || length == 0)
            {
                await KeepAsync(read, group, bytes, default);
            }

            FinishIfComplete();
        }
    }

    /// <summary>A source brought what is not the content's: it is asked for nothing more, at once. Called without the gate.</summary>
    public async Task RefuseAsync(SourceSlot slot, int epoch)
    {
        using (await EnterAsync())
        {
            if (epoch == Epoch)
            {
                var wrong = new SourceFailedException("It delivered bytes that are not the content's.", permanent: true);
                sources.DropIf(true, slot, wrong);
                throw wrong;
            }
        }
    }

    /// <summary>Keeps groups that follow each other: proven where there are proofs, else with the hashes that they have.</summary>
    async Task KeepAsync(Assignment read, long firstGroup, ReadOnlyMemory<byte> bytes, ReadOnlyMemory<byte> proven)
    {
        var (slot, before) = (read.Slot, groups.Have.Count);
        CheckLength((firstGroup * ContentTree.GroupSize) + bytes.Length);
        if (proven.IsEmpty == groups.Proofs)
        {
            throw new InvalidOperationException("What is kept is proven if it can be.");
        }

        await groups.WriteAsync(firstGroup, bytes, proven.IsEmpty ? groups.Hash(firstGroup, bytes.Span) : proven, stop);
        read.Kept += Math.Min(bytes.Length, (groups.Have.Count - before) * ContentTree.GroupSize);
        chunks.Brought(slot, firstGroup, firstGroup + ContentTree.GroupCount(bytes.Length));
        TellHeld(firstGroup, firstGroup + ContentTree.GroupCount(bytes.Length));
        slot.Trusted |= groups.Proofs;
        if (groups.Proofs || groups.State.Validator is not null)
        {
            slot.Failures = 0; // where versions cannot be told apart, every failure means starting over
        }

        if (groups.Unflushed >= options.CheckpointBytes || (!groups.IsFlushing && chunks.Now - _checkpointed >= options.CheckpointInterval.TotalSeconds))
        {
            _checkpointed = chunks.Now;
            await groups.BeginCheckpointAsync(stop);
        }

        ReportDone();
        FinishIfComplete();
    }

    /// <summary>Whether bytes are here, proven.</summary>
    public async ValueTask<bool> HasAsync(ByteRun run)
    {
        using (await EnterAsync())
        {
            var group = run.Offset / ContentTree.GroupSize;
            return groups.State.Proofs && groups.Have.FirstMissing(group) * ContentTree.GroupSize >= run.Offset + run.Length;
        }
    }

    /// <summary>Reads what is here.</summary>
    public async ValueTask<int> ReadAsync(ContentArea area, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await groups.ReadAsync(area, offset, buffer, cancellationToken);
        }
        catch (Exception e) when (e is ObjectDisposedException or InvalidOperationException)
        {
            throw new SharingException(ProblemCodes.NotFound, "The transfer has ended.", e);
        }
    }

    public void CheckLength(long? length)
    {
        if (request.MaxLength > 0 && length > request.MaxLength)
        {
            throw new SharingException(ProblemCodes.TooLarge, $"The resource has {length} bytes; at most {request.MaxLength} are taken.");
        }
    }

    public bool IsComplete() => groups.State.Published is not null
        || (groups.State.Length is { } length && groups.Have.Count == ContentTree.GroupCount(length));

    void FinishIfComplete()
    {
        if (IsComplete())
        {
            finished.TrySetResult();
        }
    }

    public void ReportDone()
    {
        var count = groups.Have.Count;
        var length = groups.State.Length;
        var done = count * ContentTree.GroupSize;
        if (length is { } total && count > 0 && groups.Have[ContentTree.GroupCount(total) - 1])
        {
            done -= ContentTree.GroupSize - ContentTree.GroupLength(total, ContentTree.GroupCount(total) - 1);
        }

        meter.Report(done, length);
    }

    public readonly struct Gate(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
