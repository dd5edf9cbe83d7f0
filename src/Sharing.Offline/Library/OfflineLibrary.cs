using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.Offline;

/// <summary>The offline library over a content store and records: keeps each resource once, whoever asked for it. Thread-safe singleton.</summary>
/// <remarks>Records: <c>offline/{id}</c> the resource, <c>offline-hold/{id}/{person}</c> who holds it and what he says of it,
/// <c>offline-by/{person}/{id}</c> the same, found from the person,
/// <c>offline-expiry/{time}/{id}</c> when it goes. Fetching is a piece of work of the queue "ingest", done by <see cref="OfflineIngest"/>.</remarks>
public sealed class OfflineLibrary(
    IRecordStore records, IRecordWatch watch, IContentStore store, ContentReferences references, IOptions<OfflineOptions> options, TimeProvider time, Limits? limits = null)
    : IOfflineStore, IOfflineWatch
{
    readonly WorkQueue _landed = LandedWork.QueueIn(records, time);

    internal WorkQueue Ingests { get; } = new(records, time, "ingest");

    internal const string ReferencePrefix = "offline/";

    internal static string ReferenceOf(ResourceId id) => ReferencePrefix + id.Value;

    /// <inheritdoc/>
    public async Task<OfflineItem> KeepAsync(PersonId actor, Resource resource, CancellationToken cancellationToken = default)
    {
        resource = Resources.Checked(resource);
        var id = ResourceId.Of(resource.Address);
        StoredResource kept = null!;
        await records.ChangeAsync(
            async batch =>
            {
                var before = await LoadAsync(id, cancellationToken);
                var hold = StoredResource.HoldOf(id, actor);
                var held = await records.GetAsync(hold, cancellationToken);
                if (before?.Value is { State: not OfflineState.Failed } there)
                {
                    kept = there;
                }
                else
                {
                    kept = new StoredResource
                    {
                        Resource = new() { Address = resource.Address, Name = FileName.Of(resource.Address) },
                        State = OfflineState.Fetching,
                        Content = before?.Value.Content, // lost, and to be brought again
                    };
                    await (limits?.SpendAsync(batch, actor, LimitedDoor.Fetches, cancellationToken: cancellationToken) ?? default);
                    await Ingests.ScheduleAsync(batch, id.Value, time.GetUtcNow(), WorkLoop.NoPayload, cancellationToken);
                }

                // Written also where nothing changes: whoever finds himself to be the last holder must see that one more came.
                _ = kept == before?.Value && held is not null
                    ? batch.Check(before.Key, before.Version)
                    : batch.Put(StoredResource.KeyOf(id), kept, OfflineJson.Default.StoredResource, before?.Version ?? RecordBatch.Absent);
                batch.Put(hold, resource, OfflineJson.Default.Resource, held?.Version ?? RecordBatch.Absent)
                    .Put(StoredResource.HeldBy(actor, id), Marker.Value, OfflineJson.Default.Marker, RecordBatch.Any);
                return true;
            },
            cancellationToken);
        return kept.ToItem(id, resource);
    }

    /// <inheritdoc/>
    public async Task<OfflineItem?> FindAsync(PersonId actor, ResourceId id, CancellationToken cancellationToken = default) =>
        await records.GetAsync(StoredResource.HoldOf(id, actor), OfflineJson.Default.Resource, cancellationToken) is { } held
            ? (await LoadAsync(id, cancellationToken))?.Value.ToItem(id, held.Value)
            : null;

    /// <inheritdoc/>
    public async Task<IContentReader?> OpenAsync(PersonId actor, ResourceId id, CancellationToken cancellationToken = default) =>
        await FindAsync(actor, id, cancellationToken) is { State: OfflineState.Stored, Content: { } content }
            ? await store.OpenAsync(content.Id, cancellationToken)
            : null;

    /// <inheritdoc/>
    public Task<bool> RemoveAsync(PersonId actor, ResourceId id, CancellationToken cancellationToken = default) => records.ChangeAsync(
        async batch =>
        {
            // The item is read before its holders: one who comes in between changes its version.
            var found = await LoadAsync(id, cancellationToken);
            var hold = StoredResource.HoldOf(id, actor);
            if (await records.GetAsync(hold, cancellationToken) is not { } held)
            {
                return false;
            }

            batch.Delete(hold, held.Version).Delete(StoredResource.HeldBy(actor, id), RecordBatch.Any);
            if (found is null)
            {
                return true;
            }

            var others = records.ScanAsync(RecordRange.Under("offline-hold", id.Value), cancellationToken).Where(other => other.Key != hold);
            if (await others.AnyAsync(cancellationToken))
            {
                batch.Put(found.Key, found.Value, OfflineJson.Default.StoredResource, found.Version); // so that two who go at once are not both second to last
            }
            else
            {
                await DropAsync(batch, id, found, cancellationToken);
            }

            return true;
        },
        cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<OfflineItem> ListAsync(PersonId actor, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var held in records.ScanAsync(RecordRange.Under("offline-by", actor.Value), cancellationToken))
        {
            if (await FindAsync(actor, ResourceId.Parse(held.Key.Part(1)), cancellationToken) is { } item)
            {
                yield return item;
            }
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<OfflineItem> WatchAsync(
        PersonId actor, ResourceId id, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        OfflineItem? told = null;
        for (var seen = 0L; ;)
        {
            seen = await watch.WaitAsync("offline", seen, cancellationToken);
            if (await FindAsync(actor, id, cancellationToken) is not { } item)
            {
                yield break;
            }

            if (told is null || (item.State, item.Content, item.ExpiresAt, item.Failure) != (told.State, told.Content, told.ExpiresAt, told.Failure))
            {
                yield return told = item;
            }
        }
    }

    /// <summary>Deletes what was kept longer than the retention (row R9). Readers in the middle finish.</summary>
    /// <param name="guard">Adds to each commit the check that the sweeper still holds its lease.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What went.</returns>
    public async Task<IReadOnlyList<ResourceId>> ExpireAsync(Action<RecordBatch> guard, CancellationToken cancellationToken = default)
    {
        var gone = new List<ResourceId>();
        var now = time.GetUtcNow();
        await foreach (var due in records.ScanAsync(RecordRange.Under("offline-expiry"), cancellationToken))
        {
            if (long.Parse(due.Key.Part(0), System.Globalization.CultureInfo.InvariantCulture) > now.ToUnixTimeMilliseconds())
            {
                break;
            }

            var id = ResourceId.Parse(due.Key.Part(1));
            var batch = new RecordBatch().Delete(due.Key, due.Version);
            guard(batch);
            var expired = false;
            if (await LoadAsync(id, cancellationToken) is { Value.ExpiresAt: { } at } found && StoredResource.ExpiryOf(at, id) == due.Key)
            {
                expired = true;
                await DropAsync(batch, id, found, cancellationToken);
                await foreach (var hold in records.ScanAsync(RecordRange.Under("offline-hold", id.Value), cancellationToken))
                {
                    batch.Delete(hold.Key, RecordBatch.Any)
                        .Delete(StoredResource.HeldBy(PersonId.Parse(hold.Key.Part(1)), id), RecordBatch.Any);
                }
            }

            if ((await records.CommitAsync(batch, cancellationToken)).Committed && expired)
            {
                gone.Add(id);
            }
        }

        return gone;
    }

    /// <summary>Adds to a commit that a resource's content has arrived.</summary>
    /// <returns>Whether it can be committed now; if not, the content must be brought again.</returns>
    internal async Task<bool> StoreAsync(
        RecordBatch batch, ResourceId id, Versioned<StoredResource> before, TransferResult result, CancellationToken cancellationToken)
    {
        if (!await references.AddAsync(batch, result.Content, ReferenceOf(id), cancellationToken))
        {
            return false;
        }

        if (before.Value.Content is { } lost && lost.Id != result.Content.Id)
        {
            await references.RemoveAsync(batch, lost.Id, ReferenceOf(id), cancellationToken); // fetched again, and the origin has other bytes by now
        }

        var now = time.GetUtcNow();
        var stored = before.Value with
        {
            State = OfflineState.Stored,
            Content = result.Content,
            StoredAt = now,
            ExpiresAt = now + options.Value.Retention,
            Failure = null,
            Attempts = 0,
            Resource = before.Value.Resource with
            {
                Length = result.Content.Length,
                ContentId = result.Content.Id,
                MediaType = before.Value.Resource.MediaType ?? result.Offer.MediaType,
            },
        };
        batch.Put(before.Key, stored, OfflineJson.Default.StoredResource, before.Version)
            .Put(StoredResource.ExpiryOf(stored.ExpiresAt.Value, id), Marker.Value, OfflineJson.Default.Marker, RecordBatch.Any)
            .Delete(result.State, RecordBatch.Any);
        await _landed.ScheduleAsync(batch, id.Value, now, WorkLoop.NoPayload, cancellationToken);
        return true;
    }

    /// <summary>Has a stored resource fetched once more, since its content is lost.</summary>
    /// <returns>Whether it is being fetched.</returns>
    internal async Task<bool> FetchAgainAsync(ResourceId id, ContentId content, Action<RecordBatch> guard, CancellationToken cancellationToken)
    {
        var fetching = false;
        await records.ChangeAsync(
            async batch =>
            {
                var before = await LoadAsync(id, cancellationToken);
                fetching = before?.Value is { State: OfflineState.Fetching or OfflineState.Stored } && before.Value.Content?.Id == content;
                if (before is null || !fetching || before.Value.State == OfflineState.Fetching)
                {
                    return false;
                }

                guard(batch);
                batch.Put(before.Key, before.Value with { State = OfflineState.Fetching, Failure = null, Attempts = 0 }, OfflineJson.Default.StoredResource, before.Version);
                await Ingests.ScheduleAsync(batch, id.Value, time.GetUtcNow(), WorkLoop.NoPayload, cancellationToken);
                return true;
            },
            cancellationToken);
        return fetching;
    }

    internal ValueTask<Versioned<StoredResource>?> LoadAsync(ResourceId id, CancellationToken cancellationToken) =>
        records.GetAsync(StoredResource.KeyOf(id), OfflineJson.Default.StoredResource, cancellationToken);

    async Task DropAsync(RecordBatch batch, ResourceId id, Versioned<StoredResource> found, CancellationToken cancellationToken)
    {
        batch.Delete(found.Key, found.Version);
        if (found.Value.Content is { } content)
        {
            await references.RemoveAsync(batch, content.Id, ReferenceOf(id), cancellationToken);
        }
    }
}
