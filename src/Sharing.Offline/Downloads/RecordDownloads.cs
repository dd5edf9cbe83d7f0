using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Sharing.Core;

namespace Sharing.Offline;

/// <summary>The download list in records: <c>download/{owner}/{number}</c>, <c>download-key/{owner}/{key}</c>. The running is done by <see cref="DownloadRunner"/>. Thread-safe singleton.</summary>
public sealed class RecordDownloads(
    IRecordStore records, IRecordWatch watch, IPosts posts, ContentReferences references, TransferEngine engine, IShareLinks links,
    TimeProvider time) : IDownloads
{
    readonly ConcurrentDictionary<RecordKey, Progress> _running = new();

    /// <inheritdoc/>
    public async Task<DownloadItem> AddAsync(PersonId actor, DownloadRequest request, CancellationToken cancellationToken = default)
    {
        Resources.CheckAddress(request.Address);
        var from = links.Read(request.Address);
        var resource = new Resource { Address = request.Address, Name = FileName.Of(request.Address) };
        if (from is { } link)
        {
            resource = (await posts.FindAsync(actor, link, cancellationToken))?.Resource
                ?? throw new SharingException(ProblemCodes.NotFound, "There is no such post, or it is not for you.");
        }

        resource = Resources.Checked(resource with { Name = request.Name ?? resource.Name, ContentId = null });
        if (request.Key is { Length: 0 or > 200 })
        {
            throw Resources.Invalid("A key has 1 to 200 characters.");
        }

        StoredDownload item = null!;
        await records.ChangeAsync(
            async batch =>
            {
                RecordKey? entry = request.Key is { } key ? RecordKey.Of("download-key", actor.Value, Resources.KeyPart(key)) : null;
                var said = new DownloadKeyEntry { Address = request.Address, Name = request.Name };
                var before = entry is not { } place ? null : await records.GetAsync(place, OfflineJson.Default.DownloadKeyEntry, cancellationToken);
                if (before is not null && before.Value with { Id = 0 } != said)
                {
                    throw new SharingException(ProblemCodes.KeyReused, "This key was used for another item.");
                }

                if (before is not null && await LoadAsync(actor, new DownloadId(before.Value.Id), cancellationToken) is { } added)
                {
                    item = added.Value;
                    return false;
                }

                var counter = RecordKey.Of("download-last", actor.Value);
                var last = await records.GetAsync(counter, OfflineJson.Default.Int32, cancellationToken);
                item = new StoredDownload
                {
                    Owner = actor,
                    Id = new DownloadId((last?.Value ?? 0) + 1),
                    Resource = resource,
                    State = DownloadState.Running,
                    AddedAt = time.GetUtcNow(),
                    Nonce = RandomNumberGenerator.GetHexString(16, lowercase: true),
                    From = from,
                    NameGiven = request.Name is not null || from is not null,
                };
                batch.Put(counter, item.Id.Number, OfflineJson.Default.Int32, last?.Version ?? RecordBatch.Absent)
                    .Put(StoredDownload.KeyOf(actor, item.Id), item, OfflineJson.Default.StoredDownload, RecordBatch.Absent);
                if (entry is { } at)
                {
                    batch.Put(at, said with { Id = item.Id.Number }, OfflineJson.Default.DownloadKeyEntry, before?.Version ?? RecordBatch.Absent);
                }

                return true;
            },
            cancellationToken);
        return item.ToItem();
    }

    /// <inheritdoc/>
    public async Task<DownloadItem?> ChangeAsync(
        PersonId actor, DownloadId id, DownloadCommand command, CancellationToken cancellationToken = default)
    {
        StoredDownload? item = null;
        await records.ChangeAsync(
            async batch =>
            {
                item = null;
                if (await LoadAsync(actor, id, cancellationToken) is not { } found)
                {
                    return false;
                }

                item = found.Value;
                if (command == DownloadCommand.Cancel)
                {
                    batch.Delete(found.Key, found.Version);
                    if (item.Content is { } content)
                    {
                        await references.RemoveAsync(batch, content.Id, item.ReferenceName, cancellationToken);
                    }

                    return true;
                }

                if (item.State == DownloadState.Finished)
                {
                    return false;
                }

                item = item with { State = command == DownloadCommand.Pause ? DownloadState.Paused : DownloadState.Running, Failure = null };
                batch.Put(found.Key, item, OfflineJson.Default.StoredDownload, found.Version);
                return true;
            },
            cancellationToken);
        if (item is not null && command == DownloadCommand.Cancel && !_running.ContainsKey(StoredDownload.KeyOf(actor, id)))
        {
            try
            {
                await engine.DiscardAsync(item.TransferKey, cancellationToken);
            }
            catch (SharingException e) when (e.Code == ProblemCodes.Conflict)
            {
                // It has just begun to run: one that runs is discarded by its runner.
            }
        }

        return item?.ToItem();
    }

    /// <inheritdoc/>
    public async Task<SharedPost?> ShareAsync(PersonId actor, DownloadId id, ShareOptions options, CancellationToken cancellationToken = default)
    {
        if (await LoadAsync(actor, id, cancellationToken) is not { Value: var item })
        {
            return null;
        }

        var audience = options.Audience;
        var people = string.Join('\n', (audience.People ?? []).Select(p => p.Value).Concat((audience.Groups ?? []).Select(group => "\u0001" + group)).Order(StringComparer.Ordinal)); // ids hold no control characters
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(people)))[..8];
        var request = new ShareRequest
        {
            Resource = new Resource { Address = item.Resource.Address, Name = item.Resource.Name },
            Audience = audience,
            Text = options.Text,
            Key = options.Key ?? $"{item.Nonce}-{audience.Kind}-{digest}",
        };
        var post = await posts.ShareAsync(actor, request, cancellationToken);
        await records.ChangeAsync(
            async batch =>
            {
                if (await LoadAsync(actor, id, cancellationToken) is not { } now)
                {
                    return false;
                }

                batch.Put(now.Key, now.Value with { SharedAs = post.Id, MustTell = true }, OfflineJson.Default.StoredDownload, now.Version);
                return true;
            },
            cancellationToken);
        try
        {
            await TellAsync(StoredDownload.KeyOf(actor, id), cancellationToken);
            return await posts.FindAsync(actor, post.Id, cancellationToken) ?? post;
        }
        catch (Exception e) when (e is HttpRequestException or SharingException)
        {
            return post; // it is shared; what is known of it is told again by the runner
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<DownloadItem> ListAsync(PersonId actor, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var item in records.ScanAsync(
            RecordRange.Under("download", actor.Value), OfflineJson.Default.StoredDownload, cancellationToken))
        {
            yield return View(item);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<DownloadItem> WatchAsync(
        PersonId actor, DownloadId id, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        DownloadItem? told = null;
        for (var seen = 0L; ;)
        {
            seen = await watch.WaitAsync("download", 0, cancellationToken);
            if (await LoadAsync(actor, id, cancellationToken) is not { } found)
            {
                yield break;
            }

            if (View(found) is var item && item != told)
            {
                yield return told = item;
            }

            if (item.State != DownloadState.Running)
            {
                yield break;
            }

            using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var changed = watch.WaitAsync("download", seen, both.Token).AsTask();
            await Task.WhenAny(changed, Task.Delay(TimeSpan.FromMilliseconds(200), time, both.Token));
            await both.CancelAsync();
            await ((Task)changed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    internal IProgress<TransferProgress> Track(RecordKey item) => _running[item] = new Progress();

    internal TransferProgress? NewestOf(RecordKey item) => _running.GetValueOrDefault(item)?.Newest;

    internal void Untrack(RecordKey item) => _running.TryRemove(item, out _);

    /// <summary>Tells the post of an item what is known by now: size, type, content id.</summary>
    internal async Task TellAsync(RecordKey key, CancellationToken cancellationToken)
    {
        if (await records.GetAsync(key, OfflineJson.Default.StoredDownload, cancellationToken) is not
            { Value: { MustTell: true, SharedAs: { } post } item } found)
        {
            return;
        }

        var known = item.Resource with { Length = item.Resource.Length ?? NewestOf(key)?.Total };
        if (known is { Length: null, MediaType: null, ContentId: null })
        {
            return;
        }

        await posts.UpdateAsync(item.Owner, post, known, cancellationToken);
        if (item.State == DownloadState.Finished)
        {
            await records.CommitAsync(
                new RecordBatch().Put(key, item with { MustTell = false }, OfflineJson.Default.StoredDownload, found.Version), cancellationToken);
        }
    }

    DownloadItem View(Versioned<StoredDownload> found)
    {
        var item = found.Value.ToItem();
        if (item.State == DownloadState.Finished || NewestOf(found.Key) is not { } progress)
        {
            return item;
        }

        item = item with
        {
            Done = progress.Done,
            Resource = item.Resource with { Length = progress.Total ?? item.Resource.Length },
            FromOrigin = progress.FromOrigin,
            FromLibrary = progress.FromServer,
        };
        return item.State == DownloadState.Running ? item with { Source = progress.Source, BytesPerSecond = progress.BytesPerSecond } : item;
    }

    ValueTask<Versioned<StoredDownload>?> LoadAsync(PersonId actor, DownloadId id, CancellationToken cancellationToken) =>
        records.GetAsync(StoredDownload.KeyOf(actor, id), OfflineJson.Default.StoredDownload, cancellationToken);

    sealed class Progress : IProgress<TransferProgress>
    {
        public TransferProgress? Newest { get; private set; }

        public void Report(TransferProgress value) => Newest = value;
    }
}
