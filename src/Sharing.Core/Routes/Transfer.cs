using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Sharing.Core;

/// <summary>A download as a session over a changing set of sources: for every chunk the selector takes the cheapest that is there.</summary>
/// <remarks>Thread-safe. One worker for each source; bytes of a read that was overtaken (another version, a proven source) are
/// never written. An origin's groups are unproven until a source comes that knows the
/// content id; then the whole list of group hashes is folded against that id, equal groups are kept, the others fetched again (row R8).
/// Memory does not grow with the content, but for one bit a group.</remarks>
public sealed class Transfer : IAsyncDisposable
{
    static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan ProofPatience = TimeSpan.FromMilliseconds(500);

    readonly TransferRequest _request;
    readonly TransferOptions _options;
    readonly TimeProvider _time;
    readonly ILogger _logger;
    readonly PartialGroups _groups;
    readonly CancellationTokenSource _stop;
    readonly SourceRoster _sources;
    readonly ChunkBoard _chunks;
    readonly Intake _intake;
    readonly List<Task> _workers = [];
    readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TransferMeter _meter;
    readonly ConcurrentDictionary<ContentId, Transfer> _underWay;
    int _disposed;

    internal Transfer(
        TransferRequest request, TransferOptions options, IChunkSourceSelector selector, TimeProvider time, ILogger logger,
        PartialGroups groups, ConcurrentDictionary<ContentId, Transfer> underWay, CancellationToken cancellationToken)
    {
        _underWay = underWay;
        (_request, _options, _time, _logger, _groups) = (request, options, time, logger, groups);
        _sources = new SourceRoster([.. request.Sources.Select(source => new SourceSlot(source))], request.MoreSources is not null, _finished);
        _chunks = new ChunkBoard(groups, _sources, selector, request.ChunkSize ?? options.ChunkSize, time);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _meter = new TransferMeter(time, options.ProgressInterval, request.Progress);
        _intake = new Intake(request, options, logger, groups, _sources, _chunks, _finished, _meter, _stop.Token);
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
        _intake.Dispose();
    }

    /// <summary>What is proven so far; <c>null</c>: it is not known what that would be of.</summary>
    internal HeldContent? Open() => _groups.State is { Proofs: true, Target: { } target, Length: { } length } ? new(_intake, new(target, length)) : null;

    /// <summary>From now on it is known what is fetched: others may take from here what is there.</summary>
    void Show()
    {
        if (_groups.State is { Proofs: true, Target: { } target })
        {
            _underWay.TryAdd(target, this);
        }
    }

    async Task<TransferResult> RunAsync()
    {
        await Task.Yield();
        try
        {
            _intake.ReportDone();
            _intake.TellHeld(0, long.MaxValue);
            Show();
            if (!_intake.IsComplete())
            {
                _sources.FailIfNoneIsLeft();
                if (_request.MoreSources is { } more)
                {
                    Work(() => AdmitAsync(more));
                }

                foreach (var slot in _sources.Slots.ToArray())
                {
                    Work(() => WorkAsync(slot));
                }

                await _finished.Task.WaitAsync(_stop.Token);
            }

            await EndWorkersAsync();
            var content = await _groups.PublishAsync(_request.Content, CancellationToken.None);
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
            foreach (var shown in _underWay.Where(shown => shown.Value == this))
            {
                _underWay.TryRemove(shown);
            }

            _intake.Held.End();
            await CheckpointQuietlyAsync();
            await _groups.DisposeAsync();
            _meter.End();
            _meter.Dispose();
        }
    }

    async Task EndWorkersAsync()
    {
        await _stop.CancelAsync();
        for (var ended = 0; ended < _workers.Count;)
        {
            Task[] some;
            lock (_workers)
            {
                some = [.. _workers];
            }

            ended = some.Length;
            await Task.WhenAll(some).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Does something beside, whose faults are the transfer's.</summary>
    void Work(Func<Task> work)
    {
        lock (_workers)
        {
            _workers.Add(Task.Run(GuardedAsync, CancellationToken.None));
        }

        async Task GuardedAsync()
        {
            try
            {
                await work();
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
    }

    /// <summary>Takes in the sources that come later.</summary>
    async Task AdmitAsync(IAsyncEnumerable<IContentSource> more)
    {
        await foreach (var source in more.WithCancellation(_stop.Token))
        {
            using (await _intake.EnterAsync())
            {
                var slot = new SourceSlot(source);
                _sources.Slots.Add(slot);
                _chunks.Add(slot);
                Work(() => WorkAsync(slot));
            }
        }

        using (await _intake.EnterAsync())
        {
            _sources.End();
        }
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
        var held = slot.Parts?.WatchHeld(_stop.Token);
        slot.Held = held is null ? null : [];
        if (await TryAsync(slot, async () => slot.Offer is not null || await ProbeAsync(slot)))
        {
            if (held is not null)
            {
                Work(() => WatchAsync(slot, held));
            }

            await Task.WhenAll(Enumerable.Range(0, slot.Lanes).Select(_ => TryAsync(slot, () => FetchAsync(slot))));
        }
    }

    /// <summary>Does something with a source, again and again while it fails.</summary>
    /// <returns>Whether it worked in the end.</returns>
    async Task<bool> TryAsync(SourceSlot slot, Func<Task<bool>> work)
    {
        while (!_finished.Task.IsCompleted)
        {
            try
            {
                return await work();
            }
            catch (SourceFailedException e) when (!_stop.IsCancellationRequested)
            {
                if (!await RestAsync(slot, e))
                {
                    return false;
                }
            }
        }

        return false;
    }

    /// <summary>Follows what a source has that does not have all.</summary>
    async Task WatchAsync(SourceSlot slot, IAsyncEnumerable<ByteRun> held)
    {
        try
        {
            await foreach (var run in held.WithCancellation(_stop.Token))
            {
                using (await _intake.EnterAsync())
                {
                    if (slot.Dropped)
                    {
                        return;
                    }

                    _chunks.Hold(slot, run);
                    _sources.Signal();
                }
            }
        }
        catch (Exception e) when (!_stop.IsCancellationRequested && e is not OutOfMemoryException)
        {
            using (await _intake.EnterAsync())
            {
                slot.LastError = e;
                RoutesLog.SourceFailed(_logger, _request.Key, slot.Source.Traits.Name, FetchFailures.Reason(e).Message);
                _sources.Drop(slot); // what it has is not known any more; it may come again
            }
        }
    }

    async Task<bool> ProbeAsync(SourceSlot slot)
    {
        var offer = await SourceFaults.FromSourceAsync(() => slot.Source.ProbeAsync(_stop.Token), _stop.Token);
        if (offer?.ContentId is null)
        {
            using (await _intake.EnterAsync())
            {
                slot.Offer = offer;
                _sources.DropIf(offer is null, slot, null);
                _sources.Signal();
                return !slot.Dropped;
            }
        }

        for (var waits = slot.Held is not null; ; waits = false)
        {
            Task changed;
            using (await _intake.EnterAsync())
            {
                _intake.CheckLength(offer.Length);
                if (_intake.TryJoin(slot, offer))
                {
                    return !slot.Dropped;
                }

                changed = _sources.Changed;
                if (!waits)
                {
                    _intake.BeginAdoption();
                    break;
                }
            }

            // One that may have only some of it is not asked for the proofs of all of it, unless nobody else has them.
            await WaitForProofsAsync(changed);
        }

        try
        {
            await AdoptAsync(slot, offer);
        }
        finally
        {
            await _intake.EndAdoptionAsync();
        }

        return !slot.Dropped;
    }

    async Task WaitForProofsAsync(Task changed)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        var late = Task.Delay(ProofPatience, _time, patience.Token);
        while (!_groups.State.Proofs && !late.IsCompleted)
        {
            await Task.WhenAny(changed, late);
            changed = _sources.Changed;
        }

        await patience.CancelAsync();
        _stop.Token.ThrowIfCancellationRequested();
    }

    async Task AdoptAsync(SourceSlot slot, SourceOffer offer)
    {
        await using var proofs = await _groups.FetchProofsAsync(slot.Source, offer, _sources.Slots.IndexOf(slot), _stop.Token);
        using (await _intake.EnterAsync())
        {
            if (!_intake.TryJoin(slot, offer))
            {
                await _intake.AdoptAsync(slot, offer, proofs);
                Show();
            }
        }
    }

    async Task<bool> FetchAsync(SourceSlot slot)
    {
        while (!_finished.Task.IsCompleted)
        {
            Task changed;
            Assignment? read;
            bool looksAgain;
            var epoch = 0;
            using var reading = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            using (await _intake.EnterAsync())
            {
                if (slot.Dropped)
                {
                    _chunks.Remove(slot);
                    return false;
                }

                (changed, read, epoch) = (_sources.Changed, _chunks.Take(slot, reading), _intake.Epoch);
                looksAgain = slot.Parts is not null && !slot.Resting && _chunks.MayChangeWithTime;
            }

            if (read is not null)
            {
                await new SourceRun(_intake, _chunks, _sources, _meter, read, epoch).RunAsync(reading.Token);
            }
            else if (looksAgain)
            {
                await WaitAsync(changed, reading);
            }
            else
            {
                await changed.WaitAsync(_stop.Token);
            }
        }

        return true;
    }

    /// <summary>Waits until something changed, or for a moment: others may be late by then.</summary>
    async Task WaitAsync(Task changed, CancellationTokenSource reading)
    {
        await Task.WhenAny(changed, Task.Delay(LookAgain, _time, reading.Token));
        await reading.CancelAsync(); // the delay
        _stop.Token.ThrowIfCancellationRequested();
    }

    /// <summary>Lets a source rest after a failure.</summary>
    /// <returns>Whether it will be tried again.</returns>
    async Task<bool> RestAsync(SourceSlot slot, SourceFailedException error)
    {
        TimeSpan rest;
        using (await _intake.EnterAsync())
        {
            slot.LastError = error.InnerException ?? error;
            if (slot.Resting)
            {
                return true; // it failed in another read, and that waits for both
            }

            RoutesLog.SourceFailed(_logger, _request.Key, slot.Source.Traits.Name, FetchFailures.Reason(slot.LastError).Message);
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
            rest = error.RetryAfter is { } asked && asked > rest ? asked : rest;
            slot.Resting = true;
            _sources.Signal();
        }

        await Task.Delay(rest, _time, _stop.Token);
        using (await _intake.EnterAsync())
        {
            slot.Resting = false;
            _sources.Preempt(slot);
        }

        return true;
    }

    /// <summary>What is there is proven to be of a content that no source has, or will ever have: the next try has to begin anew.</summary>
    bool IsDeadEnd() => _groups.State.Proofs && _sources.Slots.All(s => s.Useless);
}
