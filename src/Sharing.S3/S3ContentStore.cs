using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Sharing.S3;

/// <summary>Keeps contents as objects in a bucket of any S3 store. Which object is which content says a record: so a content is there, or gone, by one commit, and nothing depends
/// on what the store promises of lists, of conditions, or of two requests that meet.</summary>
/// <remarks>
/// <para>Thread-safe singleton; any number of hosts, over the same records. Every object has a name of its own that is never used again (docs/s3.md).</para>
/// <para>A partial content belongs to whoever opened it last: a host that had it open finds at its next flush that it has lost it, which is an
/// <see cref="IOException"/>. Within one process it opens once at a time, as everywhere.</para>
/// <para>A content that is deleted while it is read in the same process stays until it is closed; readers on other hosts get an <see cref="IOException"/>.</para>
/// </remarks>
public sealed partial class S3ContentStore : IContentStore, IPartialListing, IContentQuarantine, IFencedDeletion, IContentAddresses, IAsyncDisposable
{
    const string UploadPrefix = ".upload-";

    /// <summary>What may still be on its way to its record is left alone for so long.</summary>
    static readonly TimeSpan s_young = TimeSpan.FromDays(1);

    /// <summary>What is owed to be deleted for so long was left by a process that ended, or by a fault: a sweep need not wait.</summary>
    static readonly TimeSpan s_left = TimeSpan.FromHours(1);

    readonly OperationGate _gate = new(typeof(S3ContentStore));
    readonly ConcurrentDictionary<string, S3Partial?> _open = new(StringComparer.Ordinal);
    readonly OpenObjects _reading = new();
    readonly S3Options _options;
    readonly ILogger _logger;
    IReadOnlyDictionary<string, (string Object, string Upload)> _uploads = new Dictionary<string, (string, string)>(); // as they were listed last

    /// <summary>Opens a bucket. Nothing is asked of it before it is needed.</summary>
    /// <param name="options">Where it is.</param>
    /// <param name="records">The records that name the objects. They must outlive the process as the bucket does.</param>
    /// <param name="time">Dates the partial contents; the system's clock if left out.</param>
    /// <param name="logger">Told what could not be cleared away at once.</param>
    /// <exception cref="ArgumentException">The options do not fit.</exception>
    public S3ContentStore(S3Options options, IRecordStore records, TimeProvider? time = null, ILogger<S3ContentStore>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(records);
        if (new S3Options.Validator().Validate(null, options) is { Failed: true, FailureMessage: var wrong })
        {
            throw new ArgumentException(wrong, nameof(options));
        }

        (_options, Records, Time, _logger) = (options, records, time ?? TimeProvider.System, (ILogger?)logger ?? NullLogger.Instance);
        ScratchFolder = options.ScratchFolder ?? Path.GetTempPath();
        Bucket = new(options, Time);
    }

    internal IRecordStore Records { get; }

    internal TimeProvider Time { get; }

    internal S3Bucket Bucket { get; }

    internal string ScratchFolder { get; }

    internal long Unit => _options.Unit;

    /// <inheritdoc/>
    public async ValueTask<ContentInfo?> FindAsync(ContentId id, CancellationToken cancellationToken = default)
    {
        ContentLayout.RequireId(id);
        cancellationToken.ThrowIfCancellationRequested();
        using var passage = _gate.Enter();
        return await Records.GetAsync(S3Records.Object(id), cancellationToken) is { } record ? new ContentInfo(id, S3Records.ReadObject(record).Length) : null;
    }

    /// <inheritdoc/>
    public async ValueTask<IContentReader?> OpenAsync(ContentId id, CancellationToken cancellationToken = default)
    {
        ContentLayout.RequireId(id);
        cancellationToken.ThrowIfCancellationRequested();
        using var passage = _gate.Enter();
        var reading = _reading.Enter(id);
        try
        {
            if (await Records.GetAsync(S3Records.Object(id), cancellationToken) is not { } record)
            {
                await reading.DisposeAsync();
                return null;
            }

            var found = S3Records.ReadObject(record);
            await reading.FoundAsync(found.Name);
            return new S3ContentReader(Bucket.Hold(), new(id, found.Length), found.Name, reading, _options.Retries, () => IsNamedAsync(S3Records.Object(id), found.Name));
        }
        catch
        {
            await reading.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IPartialContent> OpenPartialAsync(string key, CancellationToken cancellationToken = default)
    {
        ContentLayout.RequireKey(key);
        cancellationToken.ThrowIfCancellationRequested();
        using var passage = _gate.Enter();
        if (!_open.TryAdd(key, null))
        {
            throw ContentLayout.OpenAlready(key);
        }

        try
        {
            while (true)
            {
                var there = await Records.GetAsync(S3Records.Partial(key), cancellationToken);
                var before = there is null ? PartialRecord.New(Time.GetUtcNow()) : await ReadPartialAsync(there, cancellationToken);
                var record = await WithArrivedAsync(before, cancellationToken) with { Touched = Time.GetUtcNow() };
                var outcome = await Records.CommitAsync(new RecordBatch().Put(S3Records.Partial(key), record.Stub, there?.Version ?? RecordBatch.Absent), cancellationToken);
                // What has arrived was copied; of the copy and of what it replaces one goes.
                var (goes, stays) = outcome.Committed ? (before, record) : (record, before);
                await TryDeleteAsync([.. goes.Keys().Except(stays.Keys(), StringComparer.Ordinal)]);
                if (outcome.Committed)
                {
                    var partial = new S3Partial(this, key, record, outcome.Version);
                    _open[key] = partial;
                    return partial;
                }
            }
        }
        catch
        {
            Forget(key);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<bool> DeleteAsync(ContentId id, CancellationToken cancellationToken = default)
    {
        ContentLayout.RequireId(id);
        cancellationToken.ThrowIfCancellationRequested();
        using var passage = _gate.Enter();
        while (await Records.GetAsync(S3Records.Object(id), cancellationToken) is { } record)
        {
            var batch = new RecordBatch();
            var after = Take(batch, id, record);
            if ((await Records.CommitAsync(batch, cancellationToken)).Committed)
            {
                await after();
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public async ValueTask<Func<ValueTask>> DeleteAsync(RecordBatch batch, ContentId id, CancellationToken cancellationToken = default)
    {
        ContentLayout.RequireId(id);
        ArgumentNullException.ThrowIfNull(batch);
        using var passage = _gate.Enter();
        if (await Records.GetAsync(S3Records.Object(id), cancellationToken) is { } record)
        {
            return Take(batch, id, record);
        }

        batch.Check(S3Records.Object(id), RecordBatch.Absent);
        return static () => default;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ContentInfo> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var record in Records.ScanAsync(S3Records.Objects, cancellationToken))
        {
            yield return new(ContentId.Parse(record.Key.Part(0)), S3Records.ReadObject(record).Length);
        }
    }

    /// <summary>Lists all partial contents. Uploads in parts that were begun and never ended are among them, and so is what was not yet cleared away of contents
    /// that were deleted: under keys that begin with a dot, which nobody can open.</summary>
    /// <inheritdoc/>
    public async IAsyncEnumerable<PartialInfo> ListPartialsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var record in Records.ScanAsync(S3Records.Partials, cancellationToken))
        {
            var (key, touched) = (record.Key.Part(0), S3Records.ParsePartial(record.Json.Span).Touched);
            yield return new(key, IsGone(key) && Time.GetUtcNow() - touched > s_left ? default : touched);
        }

        Dictionary<string, (string Object, string Upload)> uploads = new(StringComparer.Ordinal);
        await foreach (var (key, upload, begun) in Bucket.ListUploadsAsync(ObjectNames.Contents, cancellationToken))
        {
            uploads[UploadPrefix + upload] = (key, upload);
            yield return new(UploadPrefix + upload, begun);
        }

        _uploads = uploads;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> DiscardAsync(PartialInfo partial, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(partial.Key, nameof(partial));
        cancellationToken.ThrowIfCancellationRequested();
        using var passage = _gate.Enter();
        if (partial.Key.StartsWith(UploadPrefix, StringComparison.Ordinal))
        {
            return _uploads.TryGetValue(partial.Key, out var upload) && await Bucket.AbortAsync(upload.Object, upload.Upload, cancellationToken);
        }

        if (!IsGone(partial.Key))
        {
            ContentLayout.RequireKey(partial.Key);
        }

        var key = S3Records.Partial(partial.Key);
        if (_open.ContainsKey(partial.Key) || await Records.GetAsync(key, cancellationToken) is not { } record)
        {
            return false;
        }

        var there = S3Records.ParsePartial(record.Json.Span);
        if (IsGone(partial.Key))
        {
            if (there.Objects.Any(_reading.IsRead))
            {
                return false;
            }

            await EndAsync(partial.Key[S3Records.GonePrefix.Length..], there);
            return true;
        }

        // The record says until the end what there is to delete: under a name that nobody can open.
        var name = ObjectNames.New();
        if (there.Touched != partial.Touched
            || !(await Records.CommitAsync(new RecordBatch().Delete(key, record.Version).Put(S3Records.Gone(name), there, RecordBatch.Absent), cancellationToken)).Committed)
        {
            return false;
        }

        await EndAsync(name, there);
        return true;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!await _gate.ShutAsync())
        {
            return;
        }

        await Task.WhenAll(_open.Values.Select(static partial => partial?.DisposeAsync().AsTask() ?? Task.CompletedTask));
        Bucket.Dispose();
    }

    static bool IsGone(string key) => key.StartsWith(S3Records.GonePrefix, StringComparison.Ordinal);

    internal OperationGate.Passage Enter() => _gate.Enter();

    internal void Forget(string key) => _open.TryRemove(key, out _);

    internal void NotKept(string key, Exception fault) => PartialNotKept(_logger, key, fault);

    /// <summary>Deletes objects that nothing names any more; what stays is a stray.</summary>
    internal async Task TryDeleteAsync(IReadOnlyList<string> keys)
    {
        try
        {
            await Bucket.DeleteAsync(keys, CancellationToken.None);
        }
        catch (Exception fault) when (fault is IOException or SharingException)
        {
            NotDeleted(_logger, keys.Count, fault);
        }
    }

    /// <summary>Deletes what a record of what is gone names, and then the record. Should that fail, the sweep of stale partials does it.</summary>
    internal async Task TryEndAsync(string name, PartialRecord gone)
    {
        try
        {
            await EndAsync(name, gone);
        }
        catch (Exception fault) when (fault is IOException or SharingException)
        {
            NotDeleted(_logger, gone.Pieces.Count + gone.Objects.Count, fault);
        }
    }

    /// <summary>Reads the whole of a partial's record.</summary>
    /// <exception cref="IOException">The list of its pieces is lost.</exception>
    async ValueTask<PartialRecord> ReadPartialAsync(Record record, CancellationToken cancellationToken) =>
        await TryWholeAsync(S3Records.ParsePartial(record.Json.Span), cancellationToken) ?? throw new IOException($"The list of pieces of '{record.Key}' is lost.");

    /// <summary>Puts what is too much for a record into an object.</summary>
    /// <returns>Its name.</returns>
    internal async Task<string> PutMapAsync(PartialRecord partial)
    {
        var name = ObjectNames.New();
        await using var bytes = new MemoryStream(S3Records.Format(partial), writable: false);
        await Bucket.PutAsync(ObjectNames.Piece(name), bytes, CancellationToken.None);
        return name;
    }

    /// <returns><c>null</c>: the list of its pieces is lost.</returns>
    async ValueTask<PartialRecord?> TryWholeAsync(PartialRecord partial, CancellationToken cancellationToken) =>
        partial is not { Map: { } map, Pieces.Count: 0 } ? partial
        : await Bucket.TryReadAsync(ObjectNames.Piece(map), cancellationToken) is { } json && S3Records.ParsePartial(json) is var whole
            ? partial with { Pieces = whole.Pieces, Data = whole.Data, Groups = whole.Groups }
            : null;

    async Task EndAsync(string name, PartialRecord gone)
    {
        gone = await TryWholeAsync(gone, CancellationToken.None) ?? gone; // if it is lost somebody was here before; what he left are strays
        await Bucket.DeleteAsync(gone.Keys(), CancellationToken.None);
        await Records.CommitAsync(new RecordBatch().Delete(S3Records.Gone(name), RecordBatch.Any), CancellationToken.None);
    }

    /// <summary>Adds to a batch that a content is gone, and its object owed to the sweep.</summary>
    Func<ValueTask> Take(RecordBatch batch, ContentId id, Record record)
    {
        batch.Delete(record.Key, record.Version);
        return Owe(batch, id, S3Records.ReadObject(record).Name);
    }

    Func<ValueTask> Owe(RecordBatch batch, ContentId id, string name)
    {
        var gone = PartialRecord.New(Time.GetUtcNow()) with { Objects = [new(id, name)] };
        batch.Put(S3Records.Gone(name), gone, RecordBatch.Any);
        return () => _reading.WhenFreeAsync(id, name, () => new(TryEndAsync(name, gone)));
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "The bytes of the partial content '{Key}' that were not flushed could not be kept.")]
    static partial void PartialNotKept(ILogger logger, string key, Exception fault);

    [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "{Count} objects could not be deleted at once; a sweep will.")]
    static partial void NotDeleted(ILogger logger, int count, Exception fault);
}
