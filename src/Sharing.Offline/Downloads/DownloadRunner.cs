using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.Offline;

/// <summary>Runs the download lists of this host: so many items at once, each as a transfer from its origin and, for a post's resource, the offline
/// library. After a restart it goes on where it was.</summary>
public sealed class DownloadRunner(
    RecordDownloads downloads, IRecordStore records, IRecordWatch watch, IPostContent postContent, TransferEngine engine, IContentStore store,
    ContentReferences references, HttpClient http, IOptions<OfflineOptions> options, TimeProvider time, ILogger<DownloadRunner> logger) : BackgroundService
{
    static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);
    static readonly TimeSpan TellTime = TimeSpan.FromSeconds(8); // shorter than a host's time to stop

    readonly Dictionary<RecordKey, Task> _tasks = [];
    readonly Dictionary<RecordKey, Task> _telling = [];
    readonly HashSet<RecordKey> _tellAgain = [];

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        try
        {
            while (true)
            {
                var seen = await watch.WaitAsync("download", 0, stoppingToken);
                await StartWaitingAsync(stoppingToken);
                using var next = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
                var changed = watch.WaitAsync("download", seen, next.Token).AsTask();
                await Task.WhenAny([changed, Task.Delay(LookAgain, time, next.Token), .. _tasks.Values]);
                await next.CancelAsync();
                await ((Task)changed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                stoppingToken.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await Task.WhenAll(_tasks.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Task[] telling;
            lock (_telling)
            {
                telling = [.. _telling.Values];
            }

            await Task.WhenAll(telling);
        }
    }

    async Task StartWaitingAsync(CancellationToken stopping)
    {
        foreach (var key in _tasks.Where(task => task.Value.IsCompleted).Select(task => task.Key).ToList())
        {
            _tasks.Remove(key);
        }

        try
        {
            await foreach (var item in records.ScanAsync(RecordRange.Under("download"), OfflineJson.Default.StoredDownload, stopping))
            {
                if (item.Value is { State: DownloadState.Finished, MustTell: true })
                {
                    Tell(item.Key);
                }

                if (item.Value.State == DownloadState.Running && _tasks.Count < options.Value.ConcurrentDownloads && !_tasks.ContainsKey(item.Key))
                {
                    _tasks[item.Key] = RunAsync(item, stopping);
                }
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            OfflineLog.DownloadFailed(logger, "list", e.Message, OfflineLog.Unexpected(e)); // the records may be readable again next time
        }
    }

    /// <summary>Tells an item's post what is known by now, in the background: a server that does not answer holds up nothing. Goes on for a moment while the host
    /// stops; what is not told then is told after the next start.</summary>
    void Tell(RecordKey key)
    {
        lock (_telling)
        {
            if (_telling.ContainsKey(key))
            {
                _tellAgain.Add(key);
            }
            else
            {
                _telling.Add(key, TellAsync());
            }
        }

        async Task TellAsync()
        {
            for (var again = true; again;)
            {
                await Task.Yield();
                using var patience = new CancellationTokenSource(TellTime, time);
                await QuietlyAsync(key, () => downloads.TellAsync(key, patience.Token));
                lock (_telling)
                {
                    again = _tellAgain.Remove(key) || !_telling.Remove(key);
                }
            }
        }
    }

    async Task RunAsync(Versioned<StoredDownload> item, CancellationToken stopping)
    {
        await Task.Yield();
        var progress = downloads.Track(item.Key);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        try
        {
            var sources = new List<IContentSource> { new HttpOriginSource(http, item.Value.Resource.Address) };
            var post = item.Value.From ?? item.Value.SharedAs;
            if (post is not null)
            {
                sources.Add(new LibrarySource(postContent, item.Value.Owner, post.Value));
            }

            var request = new TransferRequest { Key = item.Value.TransferKey, Sources = sources, Progress = progress };
            await using var transfer = await engine.StartAsync(request, stop.Token);
            var watching = StopWhenToldAsync(item.Key, post, stop);
            try
            {
                await FinishAsync(item.Key, await transfer.Completion, stopping);
            }
            finally
            {
                await stop.CancelAsync();
                await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopped, paused or cancelled.
        }
        catch (Exception e)
        {
            OfflineLog.DownloadFailed(logger, item.Key.Value, e.Message, OfflineLog.Unexpected(e));
            await QuietlyAsync(item.Key, () => FailAsync(item.Key, e, stopping));
        }
        finally
        {
            await QuietlyAsync(item.Key, () => RememberAsync(item));
            downloads.Untrack(item.Key);
        }
    }

    /// <summary>Writes down how far a run came, for people to read; drops what it has if the item was cancelled meanwhile.</summary>
    async Task RememberAsync(Versioned<StoredDownload> item)
    {
        var newest = downloads.NewestOf(item.Key);
        var there = true;
        await records.ChangeAsync(async batch =>
        {
            var now = await records.GetAsync(item.Key, OfflineJson.Default.StoredDownload, CancellationToken.None);
            there = now is not null;
            if (now is null || now.Value.Content is not null || newest is null)
            {
                return false;
            }

            var resource = now.Value.Resource with { Length = newest.Total ?? now.Value.Resource.Length };
            batch.Put(item.Key, now.Value with { Done = newest.Done, Resource = resource }, OfflineJson.Default.StoredDownload, now.Version);
            return true;
        });
        if (!there)
        {
            await engine.DiscardAsync(item.Value.TransferKey, CancellationToken.None);
        }
    }

    /// <summary>Ends a run when its item is paused or cancelled, and when it came to have a post: the next run has the library as a source, too.</summary>
    async Task StopWhenToldAsync(RecordKey key, PostId? post, CancellationTokenSource stop)
    {
        for (var seen = 0L; ;)
        {
            seen = await watch.WaitAsync("download", seen, stop.Token);
            var now = await records.GetAsync(key, OfflineJson.Default.StoredDownload, stop.Token);
            if (now is { Value: { State: DownloadState.Running, MustTell: true } })
            {
                Tell(key);
            }

            if (now is not { Value.State: DownloadState.Running } || (now.Value.From ?? now.Value.SharedAs) != post)
            {
                await stop.CancelAsync();
                return;
            }
        }
    }

    async Task FinishAsync(RecordKey key, TransferResult result, CancellationToken cancellationToken)
    {
        string? saved = null;
        var finished = await records.ChangeAsync(
            async batch =>
            {
                if (await records.GetAsync(key, OfflineJson.Default.StoredDownload, cancellationToken) is not { } now)
                {
                    batch.Delete(result.State, RecordBatch.Any);
                    return true;
                }

                if (!await references.AddAsync(batch, result.Content, now.Value.ReferenceName, cancellationToken))
                {
                    throw new SharingException(ProblemCodes.Conflict, "The content is being deleted; it is fetched again.");
                }

                var item = now.Value with
                {
                    State = DownloadState.Finished,
                    Content = result.Content,
                    MustTell = now.Value.SharedAs is not null,
                    Resource = now.Value.Resource with
                    {
                        Name = now.Value is { NameGiven: false, SharedAs: null } ? result.Offer.Name ?? now.Value.Resource.Name : now.Value.Resource.Name,
                        Length = result.Content.Length,
                        ContentId = result.Content.Id,
                        MediaType = now.Value.Resource.MediaType ?? result.Offer.MediaType,
                    },
                };
                item = item with { SavedAs = saved ??= await SaveAsync(item, cancellationToken) }; // once, however often the commit is tried
                batch.Put(key, item, OfflineJson.Default.StoredDownload, now.Version).Delete(result.State, RecordBatch.Any);
                return true;
            },
            cancellationToken);
        if (finished)
        {
            Tell(key);
        }
    }

    async Task<string?> SaveAsync(StoredDownload item, CancellationToken cancellationToken)
    {
        if (options.Value.SaveFolder is not { } folder || await store.OpenAsync(item.Content!.Value.Id, cancellationToken) is not { } reader)
        {
            return item.SavedAs;
        }

        return item.SavedAs is { } saved && File.Exists(saved)
            ? saved
            : await SafeFile.SaveAsync(folder, item.Resource.Name, new ContentStream(reader, ContentArea.Data, 0), cancellationToken);
    }

    Task FailAsync(RecordKey key, Exception error, CancellationToken cancellationToken) => records.ChangeAsync(
        async batch =>
        {
            if (await records.GetAsync(key, OfflineJson.Default.StoredDownload, cancellationToken) is not { Value.State: DownloadState.Running } now)
            {
                return false;
            }

            var failed = now.Value with { State = DownloadState.Failed, Failure = (error as SharingException)?.Code ?? ProblemCodes.Internal };
            batch.Put(key, failed, OfflineJson.Default.StoredDownload, now.Version);
            return true;
        },
        cancellationToken);

    async Task QuietlyAsync(RecordKey key, Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (Exception e)
        {
            OfflineLog.DownloadFailed(logger, key.Value, e.Message, OfflineLog.Unexpected(e));
        }
    }
}
