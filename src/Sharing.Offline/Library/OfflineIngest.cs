using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.Offline;

/// <summary>Fetches resources into the library: one process at a time for each, whichever asked (row R6). Thread-safe singleton.</summary>
/// <remarks>The lease's fencing token is checked by the commit that stores the resource: a process that was held up past its lease changes nothing.
/// What a killed process had fetched stays in the partial content, and the next one goes on from there.</remarks>
public sealed class OfflineIngest(
    OfflineLibrary library, IRecordStore records, Leases leases, TransferEngine engine, HttpClient http, IOptions<OfflineOptions> options,
    TimeProvider time, ILogger<OfflineIngest> logger)
{
    /// <summary>Fetches one resource that is due.</summary>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> RunOnceAsync(CancellationToken cancellationToken = default)
    {
        var work = options.Value.WorkLease;
        if (await library.Ingests.ClaimAsync(work, cancellationToken) is not { } item)
        {
            return false;
        }

        var id = ResourceId.Parse(item.Id);
        await using var lease = await leases.TryAcquireAsync("ingest-" + id, work, cancellationToken);
        if (lease is null)
        {
            var later = new RecordBatch();
            item.Retry(later, time.GetUtcNow() + (work / 3)); // somebody is at it; should he die, his lease ends soon
            await records.CommitAsync(later, cancellationToken);
            return true;
        }

        using var mine = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lease.Lost);
        try
        {
            await FetchAsync(id, lease, mine.Token);
        }
        catch (Exception e) when (!mine.IsCancellationRequested)
        {
            await FailAsync(id, lease, e, mine.Token);
        }

        return true;
    }

    async Task FetchAsync(ResourceId id, Lease lease, CancellationToken cancellationToken)
    {
        if (await library.LoadAsync(id, cancellationToken) is { Value: { State: not OfflineState.Stored } wanted })
        {
            var request = new TransferRequest
            {
                Key = KeyOf(id),
                Sources = [new HttpOriginSource(http, wanted.Resource.Address)],
                MaxLength = options.Value.MaxResourceLength,
            };
            await using var transfer = await engine.StartAsync(request, cancellationToken);
            var result = await transfer.Completion;
            Step.Reached("ingest.fetched");
            await StoreAsync(id, lease, result, cancellationToken);
            Step.Reached("ingest.stored");
        }

        await EndAsync(id, lease, cancellationToken);
        Step.Reached("ingest.ended");
    }

    async Task StoreAsync(ResourceId id, Lease lease, TransferResult result, CancellationToken cancellationToken)
    {
        var wanted = await records.ChangeAsync(
            async batch =>
            {
                lease.Guard(batch);
                return await library.LoadAsync(id, cancellationToken) is { } before
                    && (await library.StoreAsync(batch, id, before, result, cancellationToken)
                        ? true
                        : throw new SharingException(ProblemCodes.Conflict, "The content is being deleted; it is fetched again."));
            },
            cancellationToken);
        if (wanted)
        {
            OfflineLog.Stored(logger, id, result.Content.Length, result.Content.Id);
        }
        else
        {
            await records.CommitAsync(new RecordBatch().Delete(result.State, RecordBatch.Any), cancellationToken); // nobody holds it any more
        }
    }

    /// <summary>Ends the work, unless the resource was asked for anew meanwhile: then the piece comes back.</summary>
    Task EndAsync(ResourceId id, Lease lease, CancellationToken cancellationToken) => records.ChangeAsync(
        async batch =>
        {
            var now = await library.LoadAsync(id, cancellationToken);
            if (now is { Value.State: not OfflineState.Stored })
            {
                return false;
            }

            lease.Guard(batch);
            batch.Check(StoredResource.KeyOf(id), now?.Version ?? RecordBatch.Absent);
            await library.Ingests.RemoveAsync(batch, id.Value, cancellationToken);
            return true;
        },
        cancellationToken);

    async Task FailAsync(ResourceId id, Lease lease, Exception error, CancellationToken cancellationToken)
    {
        var code = (error as SharingException)?.Code ?? ProblemCodes.Internal;
        var final = false;
        await records.ChangeAsync(
            async batch =>
            {
                lease.Guard(batch);
                if (await library.LoadAsync(id, cancellationToken) is not { Value.State: not OfflineState.Stored } before)
                {
                    final = false; // nobody wants it any more, or it is stored and only the end failed: the piece comes back and ends
                    return false;
                }

                var attempts = before.Value.Attempts + 1;
                OfflineLog.FetchFailed(logger, id, attempts, error.Message, OfflineLog.Unexpected(error));
                final = code == ProblemCodes.TooLarge || attempts >= options.Value.FetchAttempts;
                var failed = before.Value with
                {
                    State = final ? OfflineState.Failed : OfflineState.Fetching,
                    Failure = final ? code : null,
                    Attempts = final ? 0 : attempts,
                };
                batch.Put(before.Key, failed, OfflineJson.Default.StoredResource, before.Version);
                if (final)
                {
                    await library.Ingests.RemoveAsync(batch, id.Value, cancellationToken);
                }
                else
                {
                    var rest = TimeSpan.FromSeconds(Math.Min(600, Math.Pow(4, attempts)));
                    await library.Ingests.ScheduleAsync(batch, id.Value, time.GetUtcNow() + rest, WorkLoop.NoPayload, cancellationToken);
                }

                return true;
            },
            cancellationToken);
        if (final)
        {
            await engine.DiscardAsync(KeyOf(id), cancellationToken);
        }
    }

    static string KeyOf(ResourceId id) => "ingest-" + id;
}
