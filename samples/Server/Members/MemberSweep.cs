using System.Text.Json.Serialization.Metadata;
using Sharing.Core;

namespace Sharing.Server;

/// <summary>Deletes sessions, tokens, links and codes that have had their time.</summary>
sealed class MemberSweep(Sessions sessions, OwnTokens tokens, OneTimeLinks links, SignInCodes codes) : ISweep
{
    public async Task SweepAsync(Action<RecordBatch> guard, CancellationToken cancellationToken = default)
    {
        await sessions.SweepAsync(guard, cancellationToken);
        await tokens.SweepAsync(guard, cancellationToken);
        await links.SweepAsync(guard, cancellationToken);
        await codes.SweepAsync(guard, cancellationToken);
    }

    /// <summary>Deletes the records of a kind that are over, unless they change meanwhile.</summary>
    public static async Task SweepAsync<T>(IRecordStore records, string kind, JsonTypeInfo<T> type, Func<T, bool> isOver, Action<RecordBatch> guard, CancellationToken cancellationToken)
    {
        await foreach (var record in records.ScanAsync(RecordRange.Under(kind), type, cancellationToken))
        {
            if (isOver(record.Value))
            {
                var batch = new RecordBatch().Delete(record.Key, record.Version);
                guard(batch);
                await records.CommitAsync(batch, cancellationToken);
            }
        }
    }
}
