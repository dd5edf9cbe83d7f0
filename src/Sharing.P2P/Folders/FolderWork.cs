using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.P2P;

/// <summary>Looks after shared folders in the background: finds what is new, changed, renamed or gone, and sees to one file after the other.</summary>
public sealed class FolderWork(
    FolderStore store, FolderSignal signal, FileSharing sharing, ShareServers servers, IOptions<FolderOptions> options, TimeProvider time, ILogger<FolderWork> logger) : BackgroundService
{
    readonly FolderLook _look = new(store, time, options.Value.RestFor);
    readonly HashSet<PersonId> _registered = [];

    /// <summary>Looks at all folders once, and sees to what is due.</summary>
    /// <returns>When something will be due, as far as is known.</returns>
    public async Task<DateTimeOffset?> RunOnceAsync(CancellationToken cancellationToken = default)
    {
        DateTimeOffset? next = null;
        foreach (var folder in await store.FoldersAsync(cancellationToken).ToListAsync(cancellationToken))
        {
            try
            {
                await RegisterAsync(folder.Owner, cancellationToken);
                var (tasks, later) = await _look.AtAsync(folder, cancellationToken);
                next = later is { } at && (next is not { } sooner || at < sooner) ? at : next;
                foreach (var task in tasks)
                {
                    if (await store.FoldersAsync(cancellationToken).AllAsync(known => known.Folder.Path != folder.Folder.Path, cancellationToken))
                    {
                        break; // it is shared no more
                    }

                    if (await sharing.DoAsync(folder, task, cancellationToken) is { } again)
                    {
                        next = next is { } first && first < again ? first : again;
                    }

                    _look.Forget(folder, task.Path);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                P2PLog.FoldersFailed(logger, e.Message); // it is not there just now: an unplugged disk deletes nothing
            }
        }

        return next;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        using var watch = new FolderWatch(signal, logger);
        while (!stoppingToken.IsCancellationRequested)
        {
            DateTimeOffset? next = null;
            signal.Clear();
            try
            {
                if (options.Value.Watches)
                {
                    watch.Watch(await store.FoldersAsync(stoppingToken).Select(static folder => folder.Folder.Path).ToListAsync(stoppingToken));
                }

                next = await RunOnceAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                P2PLog.FoldersFailed(logger, e.GetBaseException().Message);
                next = time.GetUtcNow() + options.Value.ReachAgainAfter;
            }

            await WaitAsync(next, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    async Task WaitAsync(DateTimeOffset? next, CancellationToken stopping)
    {
        var wait = next - time.GetUtcNow() is { } soon && soon < options.Value.LookEvery ? soon : options.Value.LookEvery;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        await Task.WhenAny(signal.Waiting, Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, time, over.Token));
        await over.CancelAsync();
    }

    /// <summary>Says once that this terminal is the owner's, so that what is for him is delivered to it.</summary>
    async Task RegisterAsync(PersonId owner, CancellationToken cancellationToken)
    {
        if (servers.Home is not null && !_registered.Contains(owner) && await sharing.TryRegisterAsync(owner, cancellationToken))
        {
            _registered.Add(owner);
        }
    }
}
