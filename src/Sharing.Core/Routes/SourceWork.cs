using Microsoft.Extensions.Logging;

namespace Sharing.Core;

/// <summary>The work of a transfer with one of its sources: learns what it offers, asks it for parts, rests it when it fails.</summary>
/// <param name="request">What is transferred.</param>
/// <param name="options">How.</param>
/// <param name="groups">What is there.</param>
/// <param name="sources">All sources.</param>
/// <param name="chunks">Who is asked for what.</param>
/// <param name="intake">Takes what comes; its gate guards all of these.</param>
/// <param name="meter">Is told what comes.</param>
/// <param name="slot">The source.</param>
/// <param name="beside">Runs something at the same time.</param>
/// <param name="adopted">Told when it is known what the content is.</param>
/// <param name="time">Times the rests.</param>
/// <param name="logger">Is told of failures.</param>
/// <param name="finished">Ends when all is there, or nothing will come.</param>
/// <param name="stop">Ends the work.</param>
sealed class SourceWork(
    TransferRequest request, TransferOptions options, PartialGroups groups, SourceRoster sources, ChunkBoard chunks, Intake intake, TransferMeter meter, SourceSlot slot,
    Action<Func<Task>> beside, Action adopted, TimeProvider time, ILogger logger, Task finished, CancellationToken stop)
{
    static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan ProofPatience = TimeSpan.FromMilliseconds(500);

    /// <summary>Works with the source until the transfer ends, or the source is of no use.</summary>
    public async Task RunAsync()
    {
        if (await TryAsync(async () => slot.Offer is not null || await ProbeAsync()))
        {
            if (slot is { Held: not null, Parts: { } parts })
            {
                beside(() => WatchAsync(parts));
            }

            await Task.WhenAll(Enumerable.Range(0, slot.Lanes).Select(_ => TryAsync(() => FetchAsync())));
        }
    }

    /// <summary>Does something with a source, again and again while it fails.</summary>
    /// <returns>Whether it worked in the end.</returns>
    async Task<bool> TryAsync(Func<Task<bool>> work)
    {
        while (!finished.IsCompleted)
        {
            try
            {
                return await work();
            }
            catch (SourceFailedException e) when (!stop.IsCancellationRequested)
            {
                if (!await RestAsync(e))
                {
                    return false;
                }
            }
        }

        return false;
    }

    /// <summary>Follows what a source has that does not have all; again where that breaks off, or it could not say it yet.</summary>
    async Task WatchAsync(IPartSource parts)
    {
        for (var pause = FirstPause; !finished.IsCompleted; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                await foreach (var run in parts.WatchHeldAsync(stop)!)
                {
                    using (await intake.EnterAsync())
                    {
                        if (slot.Dropped)
                        {
                            return;
                        }

                        chunks.Hold(slot, run);
                        sources.Signal();
                    }
                }
            }
            catch (Exception e) when (!stop.IsCancellationRequested)
            {
                using (await intake.EnterAsync())
                {
                    slot.LastError = e;
                    sources.DropIf(e is SourceFailedException { Permanent: true }, slot, e);
                    if (slot.Dropped)
                    {
                        return;
                    }
                }
            }

            await Task.Delay(pause, time, stop);
        }
    }

    async Task<bool> ProbeAsync()
    {
        var offer = await SourceFaults.FromSourceAsync(() => slot.Source.ProbeAsync(stop), stop);
        if (offer?.ContentId is null)
        {
            using (await intake.EnterAsync())
            {
                slot.Offer = offer;
                sources.DropIf(offer is null, slot, null);
                sources.Signal();
                return !slot.Dropped;
            }
        }

        for (var waits = slot.Held is not null; ; waits = false)
        {
            Task changed;
            using (await intake.EnterAsync())
            {
                intake.CheckLength(offer.Length);
                if (intake.TryJoin(slot, offer))
                {
                    return !slot.Dropped;
                }

                changed = sources.Changed;
                if (slot.Held is null)
                {
                    intake.BeginAdoption();
                    break;
                }

                if (!waits && intake.TryBeginAdoption(chunks.Now))
                {
                    break;
                }
            }

            // One that may have only some of it is not asked for the proofs of all of it, unless nobody else has them.
            await (waits ? WaitForProofsAsync(changed) : Task.WhenAny(changed, Task.Delay(ProofPatience, time, stop)));
        }

        try
        {
            await AdoptAsync(offer);
        }
        finally
        {
            await intake.EndAdoptionAsync();
        }

        return !slot.Dropped;
    }

    async Task WaitForProofsAsync(Task changed)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var late = Task.Delay(ProofPatience, time, patience.Token);
        while (!groups.State.Proofs && !late.IsCompleted)
        {
            await Task.WhenAny(changed, late);
            changed = sources.Changed;
        }

        await patience.CancelAsync();
        stop.ThrowIfCancellationRequested();
    }

    async Task AdoptAsync(SourceOffer offer)
    {
        await using var proofs = await groups.FetchProofsAsync(slot.Source, offer, sources.Slots.IndexOf(slot), stop);
        using (await intake.EnterAsync())
        {
            if (!intake.TryJoin(slot, offer))
            {
                await intake.AdoptAsync(slot, offer, proofs);
                adopted();
            }
        }
    }

    async Task<bool> FetchAsync()
    {
        while (!finished.IsCompleted)
        {
            Task changed;
            Assignment? read;
            bool looksAgain;
            var epoch = 0;
            using var reading = CancellationTokenSource.CreateLinkedTokenSource(stop);
            using (await intake.EnterAsync())
            {
                if (slot.Dropped)
                {
                    chunks.Remove(slot);
                    return false;
                }

                (changed, read, epoch) = (sources.Changed, chunks.Take(slot, reading), intake.Epoch);
                looksAgain = slot.Parts is not null && !slot.Resting && chunks.MayChangeWithTime;
            }

            if (read is not null)
            {
                await new SourceRun(intake, chunks, sources, meter, read, epoch).RunAsync(reading.Token);
            }
            else if (looksAgain)
            {
                await WaitAsync(changed, reading);
            }
            else
            {
                await changed.WaitAsync(stop);
            }
        }

        return true;
    }

    /// <summary>Waits until something changed, or for a moment: others may be late by then.</summary>
    async Task WaitAsync(Task changed, CancellationTokenSource reading)
    {
        await Task.WhenAny(changed, Task.Delay(LookAgain, time, reading.Token));
        await reading.CancelAsync(); // the delay
        stop.ThrowIfCancellationRequested();
    }

    /// <summary>Lets a source rest after a failure.</summary>
    /// <returns>Whether it will be tried again.</returns>
    async Task<bool> RestAsync(SourceFailedException error)
    {
        TimeSpan rest;
        using (await intake.EnterAsync())
        {
            (slot.LastError, slot.Failing) = (error.InnerException ?? error, false);
            if (slot.Resting)
            {
                return true; // it failed in another read, and that waits for both
            }

            RoutesLog.SourceFailed(logger, request.Key, slot.Source.Traits.Name, FetchFailures.Reason(slot.LastError).Message);
            sources.DropIf(error.Permanent, slot, slot.LastError);
            if (slot.Dropped)
            {
                return false;
            }

            // Others keep the transfer going, and a server may have it later, or be there again.
            if (slot.RestAfterFailure(options, error.RetryAfter, isGivenUp: slot.Source.Traits.Kind != SourceKind.Server || !sources.MayCome) is not { } pause)
            {
                sources.Drop(slot);
                return false;
            }

            rest = pause;
            slot.Resting = true;
            sources.Signal();
        }

        await Task.Delay(rest, time, stop);
        using (await intake.EnterAsync())
        {
            slot.Resting = false;
            sources.Preempt(slot);
        }

        return true;
    }
}
