using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Sharing.Core;

/// <summary>Sweeps at intervals, on one host at a time.</summary>
public sealed class SweepService(
    IEnumerable<ISweep> sweeps, Leases leases, IOptions<SweepOptions> options, TimeProvider time, ILogger<SweepService> logger) : BackgroundService
{
    /// <summary>So much later another host sweeps if this one ends without a word; what it does meanwhile is fenced, however short.</summary>
    internal static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(12);

    /// <summary>Sweeps once, if no other host is at it. A sweep that fails does not keep the others from their work; then the first failure is thrown.</summary>
    /// <returns>Whether it did.</returns>
    public async Task<bool> SweepOnceAsync(CancellationToken cancellationToken = default)
    {
        await using var lease = await leases.TryAcquireAsync("sweep", LeaseTime, cancellationToken);
        if (lease is null)
        {
            return false;
        }

        using var mine = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lease.Lost);
        ExceptionDispatchInfo? first = null;
        foreach (var sweep in sweeps)
        {
            try
            {
                await sweep.SweepAsync(lease.Guard, mine.Token);
            }
            catch (Exception e) when (!mine.IsCancellationRequested)
            {
                first ??= ExceptionDispatchInfo.Capture(e);
            }
        }

        first?.Throw();
        return true;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await SweepOnceAsync(stoppingToken);
                await Task.Delay(options.Value.Interval, time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                RecordsLog.SweepFailed(logger, e);
                await Task.Delay(options.Value.Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
