using Microsoft.Extensions.Logging;
using Sharing.Core;

namespace Sharing.P2P;

/// <summary>The hashes that clients of other makers know, made when they are first asked for and kept with the content. Thread-safe singleton.</summary>
/// <remarks>
/// <para>A content is read once for all who ask, one content after the other. The work goes on while somebody waits for it, and for <see cref="Remembered"/> after the last one asked, so that he
/// can come again; then it is given up.</para>
/// <para>Records: <c>export/{content}</c>, <c>export-pieces/{content}</c>, at most 256 KiB for a content. <see cref="ExportSweep"/> deletes them when the content is gone.</para>
/// </remarks>
public sealed class ExportHashes(IContentStore store, IRecordStore records, TimeProvider time, ILogger<ExportHashes> logger) : IAsyncDisposable
{
    /// <summary>For how long after the last question the work goes on although nobody waits.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromMinutes(1);

    const int Block = 1024 * 1024;

    readonly Dictionary<ContentId, Job> _jobs = [];
    readonly SemaphoreSlim _one = new(1, 1);
    readonly CancellationTokenSource _stop = new();

    /// <summary>The SHA-256 of a content, if it is known already: 32 bytes.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> FindSha256Async(ContentId content, CancellationToken cancellationToken = default) =>
        await records.GetAsync(KeyOf(content), ExportRecords.Default.StoredHashes, cancellationToken) is { Value: var known } ? (ReadOnlyMemory<byte>?)known.Sha256 : null;

    /// <summary>The hashes of a content, read from the records or made.</summary>
    /// <param name="content">The content.</param>
    /// <param name="patience">How long to wait for them.</param>
    /// <param name="cancellationToken">Waits no more.</param>
    /// <returns><c>null</c>: it takes longer; ask again.</returns>
    /// <exception cref="SharingException"><see cref="ProblemCodes.NotFound"/>: the content is not here. <see cref="ProblemCodes.TooLarge"/>: it has more than <see cref="ContentHashes.MostLength"/> bytes.</exception>
    /// <exception cref="IOException">It could not be read.</exception>
    public async Task<ContentHashes?> GetAsync(ContentId content, TimeSpan patience, CancellationToken cancellationToken = default)
    {
        if (await ReadAsync(content, cancellationToken) is { } known)
        {
            return known;
        }

        var job = Join(content);
        try
        {
            return await job.Work.WaitAsync(patience, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return null;
        }
        finally
        {
            lock (_jobs)
            {
                (job.Waiting, job.Asked) = (job.Waiting - 1, time.GetTimestamp());
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Task[] running;
        lock (_jobs)
        {
            running = [.. _jobs.Values.Select(static job => job.Work)];
        }

        await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        _one.Dispose();
    }

    internal static RecordKey KeyOf(ContentId content) => RecordKey.Of("export", content.ToString());

    internal static RecordKey PiecesKeyOf(ContentId content) => RecordKey.Of("export-pieces", content.ToString());

    async ValueTask<ContentHashes?> ReadAsync(ContentId content, CancellationToken cancellationToken) =>
        await records.GetAsync(KeyOf(content), ExportRecords.Default.StoredHashes, cancellationToken) is { Value: var whole }
        && await records.GetAsync(PiecesKeyOf(content), ExportRecords.Default.StoredPieces, cancellationToken) is { Value: var pieces }
        && await store.FindAsync(content, cancellationToken) is { } info
            ? new()
            {
                Content = info, PieceLength = whole.PieceLength, Sha256 = whole.Sha256, TreeRoot = whole.TreeRoot, Sha256Pieces = pieces.Sha256, Sha1Pieces = pieces.Sha1, TreeLayer = pieces.TreeLayer,
            }
            : null;

    Job Join(ContentId content)
    {
        lock (_jobs)
        {
            ObjectDisposedException.ThrowIf(_stop.IsCancellationRequested, this);
            if (!_jobs.TryGetValue(content, out var job))
            {
                _jobs[content] = job = new Job();
                var mine = job;
                job.Work = Task.Run(() => RunAsync(content, mine), CancellationToken.None);
            }

            job.Waiting++;
            return job;
        }
    }

    async Task<ContentHashes> RunAsync(ContentId content, Job job)
    {
        try
        {
            await _one.WaitAsync(_stop.Token);
            try
            {
                return await MakeAsync(content, job);
            }
            finally
            {
                _one.Release();
            }
        }
        catch (Exception e) when (e is not (OperationCanceledException or SharingException { Code: ProblemCodes.NotFound or ProblemCodes.TooLarge }))
        {
            P2PLog.HashingFailed(logger, content, e.Message);
            throw;
        }
        finally
        {
            Forget(content, job);
        }
    }

    async Task<ContentHashes> MakeAsync(ContentId content, Job job)
    {
        await using var reader = await store.OpenAsync(content, _stop.Token) ?? throw new SharingException(ProblemCodes.NotFound, "The content is not here.");
        if (reader.Info.Length > ContentHashes.MostLength)
        {
            throw new SharingException(ProblemCodes.TooLarge, $"Contents of more than {ContentHashes.MostLength} bytes have no such hashes.");
        }

        using var hasher = new ContentHasher(reader.Info);
        var buffer = new byte[(int)Math.Min(Block, reader.Info.Length)];
        for (var at = 0L; at < reader.Info.Length;)
        {
            GiveUpIfForgotten(content, job);
            var read = await reader.ReadAsync(ContentArea.Data, at, buffer, _stop.Token);
            if (read == 0)
            {
                throw new EndOfStreamException($"The content {content} ends at {at}.");
            }

            hasher.Append(buffer.AsSpan(0, read));
            at += read;
        }

        var hashes = hasher.Finish();
        var batch = new RecordBatch()
            .Put(KeyOf(content), new StoredHashes(hashes.Sha256.ToArray(), hashes.TreeRoot.ToArray(), hashes.PieceLength), ExportRecords.Default.StoredHashes, RecordBatch.Any)
            .Put(PiecesKeyOf(content), new StoredPieces(hashes.Sha256Pieces.ToArray(), hashes.Sha1Pieces.ToArray(), hashes.TreeLayer.ToArray()), ExportRecords.Default.StoredPieces, RecordBatch.Any);
        await records.CommitAsync(batch, _stop.Token);
        return hashes;
    }

    void GiveUpIfForgotten(ContentId content, Job job)
    {
        lock (_jobs)
        {
            if (job.Waiting == 0 && time.GetElapsedTime(job.Asked) > Remembered)
            {
                _jobs.Remove(content); // who asks from now on begins anew
                throw new OperationCanceledException("Nobody waits for it any more.");
            }
        }
    }

    void Forget(ContentId content, Job job)
    {
        lock (_jobs)
        {
            if (_jobs.TryGetValue(content, out var present) && present == job)
            {
                _jobs.Remove(content);
            }
        }
    }

    sealed class Job
    {
        public Task<ContentHashes> Work { get; set; } = null!;

        public int Waiting { get; set; }

        public long Asked { get; set; }
    }
}
