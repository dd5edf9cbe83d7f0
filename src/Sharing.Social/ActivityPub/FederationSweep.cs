using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.Social;

/// <summary>Forgets which activities have come, once their signatures are too old to be taken again, and deliveries that were given up long ago.</summary>
sealed class FederationSweep(IRecordStore records, IOptions<ActivityPubOptions> options, TimeProvider time) : ISweep
{
    const int InOneCommit = 100;

    static readonly TimeSpan s_deadFor = TimeSpan.FromDays(30);

    public async Task SweepAsync(Action<RecordBatch> guard, CancellationToken cancellationToken = default)
    {
        // A signature may be dated five minutes ahead; twice the window leaves room for that.
        var (now, window) = (time.GetUtcNow(), options.Value.SignatureWindow * 2);
        List<RecordKey> due = [];
        await foreach (var seen in records.ScanAsync(RecordRange.Under("ap-seen"), FederationJson.Default.StoredSeen, cancellationToken))
        {
            if (seen.Value.At < now - window)
            {
                due.Add(seen.Key);
            }
        }

        await foreach (var dead in records.ScanAsync(Deliveries.DeadLetters, FederationJson.Default.StoredDeadLetter, cancellationToken))
        {
            if (dead.Value.At < now - s_deadFor)
            {
                due.Add(dead.Key);
            }
        }

        foreach (var some in due.Chunk(InOneCommit))
        {
            var batch = new RecordBatch();
            guard(batch);
            foreach (var key in some)
            {
                batch.Delete(key, RecordBatch.Any);
            }

            await records.CommitAsync(batch, cancellationToken);
        }
    }
}
