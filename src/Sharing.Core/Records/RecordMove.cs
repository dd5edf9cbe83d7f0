using System.Runtime.CompilerServices;

namespace Sharing.Core;

/// <summary>Brings all records of a store into another, which nobody uses meanwhile. Can be broken off at any time, and gone on with by running it again.</summary>
/// <remarks>While it is under way the other store has the record <c>move/records</c>, which goes when every record was compared. Versions are the other store's own. Not thread-safe.</remarks>
public sealed class RecordMove(IRecordStore from, IRecordStore to)
{
    const int AtOnce = 100;
    const int BytesAtOnce = 1 << 20;

    static readonly RecordKey s_mark = RecordKey.Of("move", "records"), s_done = RecordKey.Of("move", "done");

    /// <summary>Whether the other store is to remember that all records were brought, until <see cref="EndAsync"/>: where contents come next, whose names are records of its own.</summary>
    public bool IsMoreToCome { get; init; }

    /// <summary>Whether all records were brought before, and more was to come.</summary>
    public async Task<bool> IsDoneAsync(CancellationToken cancellationToken = default) => await to.GetAsync(s_done, cancellationToken) is not null;

    /// <summary>All was brought.</summary>
    public async Task EndAsync(CancellationToken cancellationToken = default) => await to.CommitAsync(new RecordBatch().Delete(s_done, RecordBatch.Any), cancellationToken);

    /// <summary>How many records there are to be brought, and how many are there already as they should be. Changes nothing.</summary>
    public async Task<(long Records, long There)> LookAsync(CancellationToken cancellationToken = default)
    {
        var (records, there) = (0L, 0L);
        await foreach (var (mine, theirs) in PairsAsync(cancellationToken))
        {
            records += mine is null ? 0 : 1;
            there += mine is not null && IsSame(mine, theirs) ? 1 : 0;
        }

        return (records, there);
    }

    /// <summary>Brings them, and compares.</summary>
    /// <param name="progress">Is told how many were brought, or found there, since it was told last.</param>
    /// <param name="cancellationToken">Breaks it off.</param>
    /// <returns>How many records there are.</returns>
    /// <exception cref="SharingException"><see cref="ProblemCodes.Conflict"/>: the other store has records of its own, or somebody has changed some meanwhile; nothing of them was written over.</exception>
    public async Task<long> RunAsync(IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        if (await to.GetAsync(s_mark, cancellationToken) is null)
        {
            await foreach (var there in to.ScanAsync(RecordRange.All, cancellationToken))
            {
                throw new SharingException(ProblemCodes.Conflict, $"There are records already, '{there.Key}' among them: bring them to where there are none.");
            }

            await to.CommitAsync(new RecordBatch().Put(s_mark, "{}"u8.ToArray(), RecordBatch.Absent), cancellationToken);
        }

        await BringAsync(progress, cancellationToken);
        var records = 0L;
        await foreach (var (mine, theirs) in PairsAsync(cancellationToken))
        {
            records += IsSame(mine, theirs) ? 1 : throw new SharingException(ProblemCodes.Conflict, $"The record '{(mine ?? theirs)!.Key}' is not the same in both: somebody uses one of them.");
        }

        var end = new RecordBatch().Delete(s_mark, RecordBatch.Any);
        await to.CommitAsync(IsMoreToCome ? end.Put(s_done, "{}"u8.ToArray(), RecordBatch.Any) : end, cancellationToken);
        return records;
    }

    static bool IsSame(Record? one, Record? other) => one is not null && other is not null && one.Json.Span.SequenceEqual(other.Json.Span);

    async Task BringAsync(IProgress<long>? progress, CancellationToken cancellationToken)
    {
        var (batch, bytes, count) = (new RecordBatch(), 0, 0);
        await foreach (var (mine, theirs) in PairsAsync(cancellationToken))
        {
            if (mine is null)
            {
                throw new SharingException(ProblemCodes.Conflict, $"There is a record '{theirs!.Key}' that was not brought: somebody uses the records.");
            }

            count++;
            if (!IsSame(mine, theirs))
            {
                batch.Put(mine.Key, mine.Json, theirs?.Version ?? RecordBatch.Absent);
                bytes += mine.Json.Length;
            }

            if (batch.Changes.Count == AtOnce || bytes >= BytesAtOnce || count == AtOnce)
            {
                await CommitAsync();
            }
        }

        await CommitAsync();

        async Task CommitAsync()
        {
            if ((await to.CommitAsync(batch, cancellationToken)).Conflict is { } conflict)
            {
                throw new SharingException(ProblemCodes.Conflict, $"The record '{conflict}' was changed just now: somebody uses the records.");
            }

            progress?.Report(count);
            (batch, bytes, count) = (new(), 0, 0);
        }
    }

    /// <summary>The records of both by their keys, but for the mark.</summary>
    async IAsyncEnumerable<(Record? Mine, Record? Theirs)> PairsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var mine = from.ScanAsync(RecordRange.All, cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using var theirs = to.ScanAsync(RecordRange.All, cancellationToken).GetAsyncEnumerator(cancellationToken);
        var (left, right) = (await NextAsync(mine), await NextAsync(theirs));
        while (left is not null || right is not null)
        {
            var order = left is null ? 1 : right is null ? -1 : left.Key.CompareTo(right.Key);
            yield return (order <= 0 ? left : null, order >= 0 ? right : null);
            (left, right) = (order <= 0 ? await NextAsync(mine) : left, order >= 0 ? await NextAsync(theirs) : right);
        }

        static async ValueTask<Record?> NextAsync(IAsyncEnumerator<Record> records)
        {
            while (await records.MoveNextAsync())
            {
                if (records.Current.Key != s_mark)
                {
                    return records.Current;
                }
            }

            return null;
        }
    }
}
