using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Sharing.Core;

/// <summary>Hashes all contents again, a part with each sweep: what has changed on the disk is found, put aside and brought again from elsewhere.</summary>
/// <remarks>Thread-safe singleton. How far it has come is a record: a restart loses nothing. Contents that nobody refers to are left to the sweep.</remarks>
public sealed class ContentScrub : ISweep
{
    const int LeastBytes = 64 * 1024; // opening a file takes as long as hashing that

    static readonly RecordKey s_key = RecordKey.Of("scrub");

    readonly IRecordStore _records;
    readonly IContentStore _store;
    readonly IServiceProvider _services;
    readonly ScrubOptions _options;
    readonly TimeProvider _time;
    readonly ILogger<ContentScrub> _logger;

    /// <summary>Scrubs a store.</summary>
    public ContentScrub(
        IRecordStore records, IContentStore store, IServiceProvider services, IOptions<ScrubOptions> options, TimeProvider time, ILogger<ContentScrub> logger)
    {
        // What trusts what it read lately would find nothing.
        _store = store is VerifyingContentStore verifying ? verifying.Inner : store;
        (_records, _services, _options, _time, _logger) = (records, services, options.Value, time, logger);
    }

    /// <inheritdoc/>
    public async Task SweepAsync(Action<RecordBatch> guard, CancellationToken cancellationToken = default)
    {
        await BringBackAsync(guard, cancellationToken);
        if (_options.Period > TimeSpan.Zero)
        {
            await ScrubAsync(guard, _options.BytesPerSweep, again: false, progress: null, cancellationToken);
        }
    }

    /// <summary>Scrubs everything now, whenever that was done last.</summary>
    /// <param name="guard">Adds to a commit the check that this host may sweep.</param>
    /// <param name="progress">Told how many bytes more were hashed.</param>
    /// <param name="cancellationToken">Stops; the next call goes on there.</param>
    public Task<ScrubOutcome> ScrubAllAsync(Action<RecordBatch> guard, IProgress<long>? progress = null, CancellationToken cancellationToken = default) =>
        ScrubAsync(guard, long.MaxValue, again: true, progress, cancellationToken);

    async Task<ScrubOutcome> ScrubAsync(Action<RecordBatch> guard, long bytes, bool again, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        var state = await _records.GetAsync(s_key, ContentRecordsJson.Default.ScrubRecord, cancellationToken);
        if (state?.Value.Cursor is null)
        {
            if (!again && state is { Value.Started: var started } && _time.GetUtcNow() - started < _options.Period && _time.GetUtcNow() >= started)
            {
                return state.Value.Found;
            }

            var strays = await StraysAsync(cancellationToken);
            state = await SaveAsync(state?.Version, new(_time.GetUtcNow(), "", new(0, 0, 0, 0, strays)), guard, cancellationToken);
        }

        var (version, scrub) = (state.Version, state.Value);
        await foreach (var content in _records.ScanAsync(ContentKeys.After(scrub.Cursor!), ContentRecordsJson.Default.ContentRecord, cancellationToken))
        {
            if (bytes <= 0)
            {
                return (await SaveAsync(version, scrub, guard, cancellationToken)).Value.Found;
            }

            scrub = scrub with { Cursor = content.Key.Part(0) };
            if (content.Value.State == ContentState.Live)
            {
                bytes -= Math.Max(LeastBytes, content.Value.Length);
                scrub = scrub with { Found = scrub.Found.Add(await CheckAsync(content, guard, progress, cancellationToken)) };
            }
        }

        ContentLog.Scrubbed(_logger, scrub.Found.Sound, scrub.Found.Mended, scrub.Found.Damaged, scrub.Found.Missing);
        await SaveAsync(version, scrub with { Cursor = null }, guard, cancellationToken);
        return scrub.Found;
    }

    async Task<int> StraysAsync(CancellationToken cancellationToken)
    {
        var strays = _store is IContentQuarantine quarantine ? await quarantine.QuarantineStraysAsync(cancellationToken) : 0;
        if (strays > 0)
        {
            ContentLog.Strays(_logger, strays);
        }

        return strays;
    }

    async Task<ContentHealth> CheckAsync(
        Versioned<ContentRecord> content, Action<RecordBatch> guard, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        var id = ContentId.Parse(content.Key.Part(0));
        var found = await ContentCheck.RunAsync(_store, id, _logger, progress, cancellationToken);
        if (found is ContentHealth.Damaged or ContentHealth.Missing)
        {
            Telemetry.Damaged();
            await RepairAsync(new(id, content.Value.Length), guard, cancellationToken);
        }

        return found;
    }

    /// <summary>Asks for what was put aside, by whomever and whenever; once it is back, what was put aside may go.</summary>
    async Task BringBackAsync(Action<RecordBatch> guard, CancellationToken cancellationToken)
    {
        if (_store is not IContentQuarantine quarantine)
        {
            return;
        }

        await foreach (var id in quarantine.ListQuarantinedAsync(cancellationToken))
        {
            if (await _store.FindAsync(id, cancellationToken) is not null)
            {
                await quarantine.DropQuarantinedAsync(id, cancellationToken);
            }
            else if (await _records.GetAsync(ContentKeys.Content(id), ContentRecordsJson.Default.ContentRecord, cancellationToken) is { Value.State: ContentState.Live } lost)
            {
                await RepairAsync(new(id, lost.Value.Length), guard, cancellationToken);
            }
        }
    }

    async Task RepairAsync(ContentInfo content, Action<RecordBatch> guard, CancellationToken cancellationToken)
    {
        var repaired = false;
        foreach (var repair in _services.GetServices<IContentRepair>())
        {
            repaired |= await repair.RepairAsync(content, guard, cancellationToken);
        }

        ContentLog.Lost(_logger, content.Id, repaired);
    }

    async Task<Versioned<ScrubRecord>> SaveAsync(long? version, ScrubRecord scrub, Action<RecordBatch> guard, CancellationToken cancellationToken)
    {
        var batch = new RecordBatch { MakesRoom = true }.Put(s_key, scrub, ContentRecordsJson.Default.ScrubRecord, version ?? RecordBatch.Absent);
        guard(batch);
        var outcome = await _records.CommitAsync(batch, cancellationToken);
        return outcome.Committed
            ? new(s_key, scrub, outcome.Version)
            : throw new SharingException(ProblemCodes.Conflict, $"This host may no longer sweep: '{outcome.Conflict}' changed.");
    }
}
