using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Sharing.Core;

/// <summary>Does the work of a queue in the background: as many pieces at once as are wanted, woken by a change or by the time a piece is due.</summary>
/// <remarks>A piece that throws is left to come back after its visibility. Stops gracefully: what is under way gets the host's time to end.</remarks>
public abstract class WorkLoop(IRecordWatch watch, TimeProvider time, ILogger logger) : BackgroundService
{
    /// <summary>How long to wait for a hint at most: another process may have put work in.</summary>
    static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);

    /// <summary>A payload for work whose id says everything.</summary>
    public static JsonElement NoPayload { get; } = JsonDocument.Parse("{}").RootElement.Clone();

    /// <summary>The queues to work on, each with how many pieces at once and what does one piece.</summary>
    protected abstract IReadOnlyList<(WorkQueue Queue, int AtOnce, Func<CancellationToken, Task<bool>> RunOnceAsync)> Lanes { get; }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        Lanes.SelectMany(lane => Enumerable.Range(0, lane.AtOnce).Select(_ => RunAsync(lane.Queue, lane.RunOnceAsync, stoppingToken))));

    async Task RunAsync(WorkQueue queue, Func<CancellationToken, Task<bool>> runOnceAsync, CancellationToken stopping)
    {
        await Task.Yield();
        var seen = 0L;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                seen = await watch.WaitAsync("work", 0, stopping);
                if (!await RunOnceAsync(queue, runOnceAsync, stopping))
                {
                    await WaitAsync(queue, seen, stopping);
                }
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                RecordsLog.WorkFailed(logger, queue.Name, e);
                await Task.Delay(TimeSpan.FromSeconds(1), time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    async Task<bool> RunOnceAsync(WorkQueue queue, Func<CancellationToken, Task<bool>> runOnceAsync, CancellationToken stopping)
    {
        var began = time.GetTimestamp();
        using var activity = Telemetry.Activities.StartActivity("work " + queue.Name);
        try
        {
            var worked = await runOnceAsync(stopping);
            if (worked)
            {
                Telemetry.Worked(queue.Name, "done", time.GetElapsedTime(began));
            }
            else if (activity is not null)
            {
                activity.IsAllDataRequested = false; // there was none: nothing to tell of
                activity.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            }

            return worked;
        }
        catch (Exception fault) when (!stopping.IsCancellationRequested)
        {
            activity?.SetStatus(ActivityStatusCode.Error, fault.GetType().Name);
            Telemetry.Worked(queue.Name, "failed", time.GetElapsedTime(began));
            throw;
        }
    }

    async Task WaitAsync(WorkQueue queue, long seen, CancellationToken stopping)
    {
        var due = await queue.NextDueAsync(stopping) is { } next ? next - time.GetUtcNow() : LookAgain;
        await watch.WaitAsync("work", seen, TimeSpan.FromTicks(Math.Clamp(due.Ticks, TimeSpan.TicksPerMillisecond, LookAgain.Ticks)), time, stopping);
    }
}
