using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Sharing.Core;

/// <summary>Sweeps at intervals, on one host at a time.</summary>
public sealed class SweepService(
    IEnumerable<ISweep> sweeps, Leases leases, IOptions<SweepOptions> options, TimeProvider time, ILogger<SweepService> logger) : BackgroundService
{
    static readonly TimeSpan LeaseTime = TimeSpan.FromMinutes(1);

    /// <summary>Sweeps once, if no other host is at it.</summary>
    /// <returns>Whether it did.</returns>
    public async Task<bool> SweepOnceAsync(CancellationToken cancellationToken = default)
    {
        await using var lease = await leases.TryAcquireAsync("sweep", LeaseTime, cancellationToken);
        if (lease is null)
        {
            return false;
        }

        using var mine = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lease.Lost);
        foreach (var sweep in sweeps)
        {
            await sweep.SweepAsync(lease.Guard, mine.Token);
        }

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
