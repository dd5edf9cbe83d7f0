using Microsoft.Extensions.Logging;

namespace Sharing.Core;

/// <summary>A download as a session over a changing set of sources: for every chunk the selector takes the cheapest that is there.</summary>
/// <remarks>Thread-safe. One worker for each source; a gate makes every change of what is there one step, so that bytes of a read that was
/// overtaken (another version, a proven source) are never written. An origin's groups are unproven until a source comes that knows the
/// content id; then the whole list of group hashes is folded against that id, equal groups are kept, the others fetched again (row R8).
/// Memory does not grow with the content, but for one bit a group.</remarks>
public sealed class Transfer : IAsyncDisposable
{
    readonly TransferRequest _request;
    readonly TransferOptions _options;
    readonly TimeProvider _time;
    readonly ILogger _logger;
    readonly PartialGroups _groups;
    readonly CancellationTokenSource _stop;
    readonly SemaphoreSlim _gate = new(1, 1);
    readonly SourceRoster _sources;
    readonly List<Task> _workers = [];
    readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TransferMeter _meter;
    int _epoch;
    int _originChanges;
    int _disposed;

    internal Transfer(
        TransferRequest request, TransferOptions options, IChunkSourceSelector selector, TimeProvider time, ILogger logger,
        PartialGroups groups, CancellationToken cancellationToken)
    {
        (_request, _options, _time, _logger, _groups) = (request, options, time, logger, groups);
        _sources = new SourceRoster([.. request.Sources.Select(source => new SourceSlot(source))], _finished);
        Chunks = new ChunkBoard(groups, _sources.Slots, selector, options.ChunkSize);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _meter = new TransferMeter(time, options.ProgressInterval, request.Progress);
        Completion = RunAsync();
    }

    /// <summary>Ends with the result, or with a <see cref="SharingException"/>: <see cref="ProblemCodes.NoSource"/>,
    /// <see cref="ProblemCodes.OriginChanged"/>, <see cref="ProblemCodes.TooLarge"/>, <see cref="ProblemCodes.NoSpace"/>. What is there by then stays for the next try.</summary>
    public Task<TransferResult> Completion { get; }

    /// <summary>The newest progress, as often as it changes, until the transfer ends. A slow reader skips what is outdated.</summary>
    public IAsyncEnumerable<TransferProgress> Progress => _meter.ReadAsync();

    /// <summary>Stops, keeping durably what is there; a later transfer of the same key goes on from it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _stop.CancelAsync();
        await ((Task)Completion).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        _gate.Dispose();
    }

    async Task<TransferResult> RunAsync()
    {
        await Task.Yield();
        try
        {
            ReportDone();
            if (!IsComplete())
            {
                _sources.FailIfNoneIsLeft();
                _workers.AddRange(_sources.Slots.Select(slot => Task.Run(() => WorkAsync(slot), CancellationToken.None)));
                await _finished.Task.WaitAsync(_stop.Token);
            }

            await EndWorkersAsync();
            var content = await _groups.PublishAsync(CancellationToken.None);
            _meter.Finish(content.Length);
            var said = new SourceOffer { MediaType = _groups.State.MediaType, Name = _groups.State.Name, Length = content.Length, ContentId = content.Id };
            return new TransferResult(content, said, TransferState.KeyOf(_request.Key));
        }
        catch (SharingException e) when (e.Code == ProblemCodes.ContentMismatch || (e.Code == ProblemCodes.NoSource && IsDeadEnd()))
        {
            await EndWorkersAsync();
            await _groups.ResetAsync(CancellationToken.None);
            throw;
        }
        finally
        {
            await EndWorkersAsync();
            await CheckpointQuietlyAsync();
            await _groups.DisposeAsync();
            _meter.End();
        }
    }

    async Task EndWorkersAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_workers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    async Task CheckpointQuietlyAsync()
    {
        try
        {
            await _groups.CheckpointAsync(CancellationToken.None);
        }
        catch (Exception e) when (e is IOException or SharingException)
        {
            RoutesLog.CheckpointFailed(_logger, _request.Key, e);
        }
    }

    async Task WorkAsync(SourceSlot slot)
    {
        try
        {
            while (!_finished.Task.IsCompleted)
            {
                try
                {
                    if (slot.Offer is null && !await ProbeAsync(slot))
                    {
                        return;
                    }

                    await FetchAsync(slot);
                }
                catch (SourceFailedException e) when (!_stop.IsCancellationRequested)
                {
                    if (!await RestAsync(slot, e))
                    {
                        return;
                    }
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The transfer ended or was stopped.
        }
        catch (Exception e)
        {
            _finished.TrySetException(e); // not the source's fault: the disk, the records, or this code
        }
    }

    async Task<bool> ProbeAsync(SourceSlot slot)
    {
        var offer = await SourceFaults.FromSourceAsync(() => slot.Source.ProbeAsync(_stop.Token), _stop.Token);
        if (offer?.ContentId is null)
        {
            using (await EnterAsync())
            {
                slot.Offer = offer;
                _sources.DropIf(offer is null, slot, null);
                _sources.Signal();
                return !slot.Dropped;
            }
        }

        using (await EnterAsync())
        {
            CheckLength(offer.Length);
            if (TryJoin(slot, offer))
            {
                return !slot.Dropped;
            }
        }

        await using var proofs = await _groups.FetchProofsAsync(slot.Source, offer, _sources.Slots.IndexOf(slot), _stop.Token);
        using (await EnterAsync())
        {
            if (!TryJoin(slot, offer))
            {
                await AdoptAsync(slot, offer, proofs);
            }
        }

        return !slot.Dropped;
    }

    /// <summary>Where the content is known already: the source joins in if it has the same, and is of no use if it has another while
    /// somebody has the one that is known.</summary>
    bool TryJoin(SourceSlot slot, SourceOffer offer)
    {
        if (_groups.State is not { Proofs: true, Target: { } target })
        {
            return false;
        }

        if (target == offer.ContentId)
        {
            slot.Offer = offer;
            _sources.Preempt(slot);
            return true;
        }

        var known = _sources.Slots.Any(s => !s.Dropped && s.Offer?.ContentId == target);
        _sources.DropIf(known, slot, new SharingException(ProblemCodes.ContentMismatch, "It has another content."));
        return known;
    }

    /// <summary>A source came that knows what the content is: from now on every group is proven.</summary>
    async Task AdoptAsync(SourceSlot slot, SourceOffer offer, ProofList proofs)
    {
        Overtake(slot);
        var before = _groups.Have.Count;
        var dropped = await _groups.AdoptAsync(proofs, _stop.Token);
        slot.Offer = offer;
        RoutesLog.Adopted(_logger, _request.Key, slot.Source.Traits.Name, proofs.Content.Id, before - dropped, dropped);
        ReportDone();
        FinishIfComplete();
        _sources.Signal();
    }

    /// <summary>What reads under way still bring is of yesterday.</summary>
    void Overtake(SourceSlot by)
    {
        _epoch++;
        _sources.CutOthers(by);
    }

    async Task FetchAsync(SourceSlot slot)
    {
        while (!_finished.Task.IsCompleted)
        {
            Task changed;
            long? chunk;
            var epoch = 0;
            using var reading = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            using (await EnterAsync())
            {
                if (slot.Dropped)
                {
                    return;
                }

                (changed, chunk) = (_sources.Changed, Chunks.Take(slot));
                if (chunk is not null)
                {
                    (slot.Reading, epoch) = (reading, _epoch);
                }
            }

            if (chunk is null)
            {
                await changed.WaitAsync(_stop.Token);
                continue;
            }

            try
            {
                await new SourceRun(this, slot, chunk.Value, epoch).RunAsync(reading.Token);
            }
            finally
            {
                using (await EnterAsync())
                {
                    slot.Reading = null;
                }
            }
        }
    }

    internal void ReleaseChunk(SourceSlot slot, long chunk)
    {
        Chunks.Release(slot, chunk);
        _sources.Signal();
    }

    /// <summary>Decides whether what a source says with its answer fits what is there. Called in the gate.</summary>
    internal async Task AcceptAsync(SourceSlot slot, SourceOffer offer)
    {
        CheckLength(offer.Length);
        var state = _groups.State;
        var fits = offer.Length is null || state.Length is null || offer.Length == state.Length;
        if (state.Proofs)
        {
            if (!fits)
            {
                throw new SourceFailedException("It offers another length.", permanent: true);
            }

            return;
        }

        if (fits && offer.Validator is not null && offer.Validator == state.Validator && await LearnLengthAsync(offer.Length))
        {
            return;
        }

        if (state == new TransferState())
        {
            await _groups.BeginAsync(offer, _stop.Token);
            return;
        }

        if (_groups.Have.Count > 0 && state.Validator is not null)
        {
            if (++_originChanges > _options.MaxOriginChanges)
            {
                throw new SharingException(ProblemCodes.OriginChanged, $"The origin changed its bytes {_originChanges} times while they were fetched.");
            }

            RoutesLog.OriginChanged(_logger, _request.Key, slot.Source.Traits.Name, _originChanges);
            _meter.OriginChanged();
        }

        Overtake(slot);
        await _groups.ResetAsync(_stop.Token);
        await _groups.BeginAsync(offer, _stop.Token);
        ReportDone();
    }

    /// <summary>Takes a length that was not known before, unless what is there goes beyond it.</summary>
    async Task<bool> LearnLengthAsync(long? length)
    {
        if (_groups.State.Length is null && length is { } total)
        {
            if (_groups.Have.AnyFrom(total / ContentTree.GroupSize))
            {
                return false;
            }

            await _groups.SetLengthAsync(total, _stop.Token);
            FinishIfComplete();
        }

        return true;
    }

    /// <summary>Takes a group's bytes if nothing overtook the read. Called without the gate.</summary>
    /// <returns>Whether the read may go on.</returns>
    internal async Task<bool> TakeGroupAsync(SourceSlot slot, int epoch, long group, ReadOnlyMemory<byte> bytes)
    {
        using (await EnterAsync())
        {
            if (epoch != _epoch)
            {
                return false;
            }

            await KeepAsync(slot, group, bytes);
            return !_finished.Task.IsCompleted;
        }
    }

    /// <summary>Takes what came before a body ended: there the content ends, if nobody has said or seen anything else. Called without the gate.</summary>
    internal async Task TakeEndAsync(SourceSlot slot, int epoch, long group, ReadOnlyMemory<byte> bytes)
    {
        using (await EnterAsync())
        {
            if (epoch != _epoch)
            {
                return;
            }

            if (_groups.State.Length is not null || _groups.Have.AnyFrom(group))
            {
                throw new SourceFailedException("It stopped in the middle.");
            }

            var length = (group * ContentTree.GroupSize) + bytes.Length;
            CheckLength(length);
            await _groups.SetLengthAsync(length, _stop.Token);
            if (bytes.Length > 0 || length == 0)
            {
                await KeepAsync(slot, group, bytes);
            }

            FinishIfComplete();
        }
    }

    async Task KeepAsync(SourceSlot slot, long group, ReadOnlyMemory<byte> bytes)
    {
        CheckLength((group * ContentTree.GroupSize) + bytes.Length);
        var hash = _groups.Hash(group, bytes.Span);
        if (_groups.State.Proofs)
        {
            var expected = new byte[hash.Length];
            await _groups.ReadHashAsync(group, expected, _stop.Token);
            if (!hash.AsSpan().SequenceEqual(expected))
            {
                throw new SourceFailedException("It delivered bytes that are not the content's.", permanent: true);
            }
        }

        await _groups.WriteAsync(group, bytes, hash, _stop.Token);
        if (_groups.State.Proofs || _groups.State.Validator is not null)
        {
            slot.Failures = 0; // where versions cannot be told apart, every failure means starting over
        }

        if (_groups.Unflushed >= _options.CheckpointBytes)
        {
            await _groups.CheckpointAsync(_stop.Token);
        }

        ReportDone();
        FinishIfComplete();
    }

    internal void Count(SourceSlot slot, int bytes) => _meter.Count(slot, bytes);

    internal PartialGroups Groups => _groups;

    internal ChunkBoard Chunks { get; }

    internal int Epoch => _epoch;

    internal TimeProvider Time => _time;

    void CheckLength(long? length)
    {
        if (_request.MaxLength > 0 && length > _request.MaxLength)
        {
            throw new SharingException(ProblemCodes.TooLarge, $"The resource has {length} bytes; at most {_request.MaxLength} are taken.");
        }
    }

    /// <summary>Lets a source rest after a failure.</summary>
    /// <returns>Whether it will be tried again.</returns>
    async Task<bool> RestAsync(SourceSlot slot, SourceFailedException error)
    {
        TimeSpan rest;
        using (await EnterAsync())
        {
            slot.LastError = error.InnerException ?? error;
            RoutesLog.SourceFailed(_logger, _request.Key, slot.Source.Traits.Name, slot.LastError);
            _sources.DropIf(error.Permanent, slot, slot.LastError);
            if (slot.Dropped)
            {
                return false;
            }

            if (++slot.Failures >= _options.MaxFailures)
            {
                _sources.Drop(slot);
                return false;
            }

            rest = TimeSpan.FromSeconds(Math.Min(30, _options.FirstRest.TotalSeconds * Math.Pow(2, slot.Failures - 1)));
            slot.Resting = true;
            _sources.Signal();
        }

        await Task.Delay(rest, _time, _stop.Token);
        using (await EnterAsync())
        {
            slot.Resting = false;
            _sources.Preempt(slot);
        }

        return true;
    }

    /// <summary>What is there is proven to be of a content that no source has, or will ever have: the next try has to begin anew.</summary>
    bool IsDeadEnd() => _groups.State.Proofs && _sources.Slots.All(s => s.Useless);

    bool IsComplete() => _groups.State.Published is not null
        || (_groups.State.Length is { } length && _groups.Have.Count == ContentTree.GroupCount(length));

    void FinishIfComplete()
    {
        if (IsComplete())
        {
            _finished.TrySetResult();
        }
    }

    void ReportDone()
    {
        var groups = _groups.Have.Count;
        var length = _groups.State.Length;
        var done = groups * ContentTree.GroupSize;
        if (length is { } total && groups > 0 && _groups.Have[ContentTree.GroupCount(total) - 1])
        {
            done -= ContentTree.GroupSize - ContentTree.GroupLength(total, ContentTree.GroupCount(total) - 1);
        }

        _meter.Report(done, length);
    }

    internal async ValueTask<Gate> EnterAsync()
    {
        await _gate.WaitAsync(_stop.Token);
        return new Gate(_gate);
    }

    internal readonly struct Gate(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
