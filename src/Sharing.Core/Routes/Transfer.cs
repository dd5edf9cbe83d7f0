using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;

namespace Sharing.Core;

/// <summary>A download as a session over a changing set of sources: for every chunk the selector takes the cheapest that is there.</summary>
/// <remarks>Thread-safe. One worker for each source; bytes of a read that was overtaken (another version, a proven source) are
/// never written. An origin's groups are unproven until a source comes that knows the
/// content id; then the whole list of group hashes is folded against that id, equal groups are kept, the others fetched again (row R8).
/// Memory does not grow with the content, but for one bit a group.</remarks>
public sealed class Transfer : IAsyncDisposable
{
    static readonly TimeSpan ViewInterval = TimeSpan.FromMilliseconds(250);

    readonly TransferRequest _request;
    readonly TransferOptions _options;
    readonly TimeProvider _time;
    readonly ILogger _logger;
    readonly PartialGroups _groups;
    readonly CancellationTokenSource _stop;
    readonly SourceRoster _sources;
    readonly ChunkBoard _chunks;
    readonly Intake _intake;
    readonly List<Task> _workers = [];
    readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TransferMeter _meter;
    readonly ConcurrentDictionary<ContentId, Transfer> _underWay;
    TransferView? _last;
    int _disposed;

    internal Transfer(
        TransferRequest request, TransferOptions options, IChunkSourceSelector selector, TimeProvider time, ILogger logger,
        PartialGroups groups, ConcurrentDictionary<ContentId, Transfer> underWay, CancellationToken cancellationToken)
    {
        _underWay = underWay;
        (_request, _options, _time, _logger, _groups) = (request, options, time, logger, groups);
        _sources = new SourceRoster([.. request.Sources.Select(static (source, place) => new SourceSlot(source) { Number = SourceRoster.NumberAt(place) })], request.MoreSources is not null, _finished);
        _chunks = new ChunkBoard(groups, _sources, selector, request.ChunkSize ?? options.ChunkSize, new Random(RandomNumberGenerator.GetInt32(int.MaxValue)), time, new ChunkHistory(selector));
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _meter = new TransferMeter(time, options.ProgressInterval, request.Progress);
        _intake = new Intake(request, options, logger, groups, _sources, _chunks, _finished, _meter, _stop.Token);
        Completion = RunAsync();
    }

    /// <summary>Ends with the result, or with a <see cref="SharingException"/>: <see cref="ProblemCodes.NoSource"/>,
    /// <see cref="ProblemCodes.OriginChanged"/>, <see cref="ProblemCodes.TooLarge"/>, <see cref="ProblemCodes.NoSpace"/>. What is there by then stays for the next try.</summary>
    public Task<TransferResult> Completion { get; }

    /// <summary>The newest progress, as often as it changes, until the transfer ends. A slow reader skips what is outdated.</summary>
    public IAsyncEnumerable<TransferProgress> Progress => _meter.ReadAsync();

    /// <summary>What it looks like now; after its end, what it looked like then.</summary>
    /// <remarks>Costs a look at every chunk, while nothing else of the transfer goes on: for people, a few times a second.</remarks>
    public async ValueTask<TransferView> ViewAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return _last ?? await InGateAsync(View) ?? await EndedAsync(() => _last!, cancellationToken);
    }

    /// <summary>Why the source was chosen that was last asked for a chunk; <c>null</c>: none was asked, or there is no such chunk.</summary>
    public async ValueTask<ChunkChoice?> ExplainAsync(int chunk, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var found = _last is null ? await InGateAsync(() => new Answer(Explain(chunk))) : null;
        return found is not null ? found.Choice : await EndedAsync(() => Explain(chunk), cancellationToken);
    }

    /// <summary>Views, as often as there is something new but at most every quarter of a second; the last is that of the end.</summary>
    public async IAsyncEnumerable<TransferView> ViewsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var _ in Progress.WithCancellation(cancellationToken))
        {
            yield return await ViewAsync(cancellationToken);
            if (!Completion.IsCompleted)
            {
                using var pause = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                await Task.WhenAny(Completion, Task.Delay(ViewInterval, _time, pause.Token));
                await pause.CancelAsync();
            }
        }

        yield return await ViewAsync(cancellationToken);
    }

    /// <summary>Where somebody reads while it comes (from <see cref="TransferEngine.OpenHeldAsync"/>), in bytes: the 16 chunks from there on are asked for before any other. -1: nobody does.
    /// What was asked for already goes on.</summary>
    public long Front
    {
        get => _chunks.Front;
        set => _chunks.Front = value;
    }

    /// <summary>Stops, keeping durably what is there; a later transfer of the same key goes on from it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _stop.CancelAsync();
        await ((Task)Completion).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        _intake.Dispose();
    }

    /// <summary>What is proven so far; <c>null</c>: it is not known what that would be of.</summary>
    internal HeldContent? Open() => _groups.State is { Proofs: true, Target: { } target, Length: { } length } ? new(_intake, new(target, length)) : null;

    TransferView View() => _chunks.View(_intake.IsComplete());

    ChunkChoice? Explain(int chunk) => _chunks.Explain(chunk);

    /// <summary>Looks at what the gate guards; <c>null</c>: the transfer is ending.</summary>
    async ValueTask<T?> InGateAsync<T>(Func<T> look)
        where T : class
    {
        try
        {
            using (await _intake.EnterAsync())
            {
                return look();
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            return null;
        }
    }

    async ValueTask<T> EndedAsync<T>(Func<T> look, CancellationToken cancellationToken)
    {
        await ((Task)Completion).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        return look();
    }

    /// <summary>From now on it is known what is fetched: others may take from here what is there.</summary>
    void Show()
    {
        if (_groups.State is { Proofs: true, Target: { } target })
        {
            _underWay.TryAdd(target, this);
        }
    }

    async Task<TransferResult> RunAsync()
    {
        await Task.Yield();
        try
        {
            _intake.ReportDone();
            _intake.TellHeld(0, long.MaxValue);
            Show();
            if (!_intake.IsComplete())
            {
                _sources.FailIfNoneIsLeft();
                if (_request.MoreSources is { } more)
                {
                    Work(() => AdmitAsync(more));
                }

                foreach (var slot in _sources.Slots.ToArray())
                {
                    Work(new SourceWork(_request, _options, _groups, _sources, _chunks, _intake, _meter, slot, Work, Show, _time, _logger, _finished.Task, _stop.Token).RunAsync);
                }

                await _finished.Task.WaitAsync(_stop.Token);
            }

            await EndWorkersAsync();
            var content = await _groups.PublishAsync(_request.Content, CancellationToken.None);
            _meter.Finish(content.Length);
            var said = new SourceOffer { MediaType = _groups.State.MediaType, Name = _groups.State.Name, Length = content.Length, ContentId = content.Id };
            return new TransferResult(content, said, TransferState.KeyOf(_request.Key));
        }
        catch (SharingException e) when (e.Code == ProblemCodes.ContentMismatch || (e.Code == ProblemCodes.NoSource && IsDeadEnd()))
        {
            await EndWorkersAsync();
            await _groups.ResetAsync(CancellationToken.None);
            throw;
        }
        finally
        {
            await EndWorkersAsync();
            using (await _intake.EnterAtEndAsync())
            {
                _last = View();
            }

            foreach (var shown in _underWay.Where(shown => shown.Value == this))
            {
                _underWay.TryRemove(shown);
            }

            _intake.Held.End();
            await CheckpointQuietlyAsync();
            await _groups.DisposeAsync();
            _meter.End();
            _meter.Dispose();
        }
    }

    async Task EndWorkersAsync()
    {
        await _stop.CancelAsync();
        for (var ended = 0; ended < _workers.Count;)
        {
            Task[] some;
            lock (_workers)
            {
                some = [.. _workers];
            }

            ended = some.Length;
            await Task.WhenAll(some).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Does something beside, whose faults are the transfer's.</summary>
    void Work(Func<Task> work)
    {
        lock (_workers)
        {
            _workers.Add(Task.Run(GuardedAsync, CancellationToken.None));
        }

        async Task GuardedAsync()
        {
            try
            {
                await work();
            }
            catch (Exception) when (_stop.IsCancellationRequested)
            {
                // The transfer ended or was stopped; what was cut off by that may fail in any way.
            }
            catch (Exception e)
            {
                _finished.TrySetException(e); // not the source's fault: the disk, the records, or this code
            }
        }
    }

    /// <summary>Takes in the sources that come later.</summary>
    async Task AdmitAsync(IAsyncEnumerable<IContentSource> more)
    {
        await foreach (var source in more.WithCancellation(_stop.Token))
        {
            using (await _intake.EnterAsync())
            {
                var slot = new SourceSlot(source) { Number = SourceRoster.NumberAt(_sources.Slots.Count) };
                _sources.Slots.Add(slot);
                _chunks.Add(slot);
                Work(new SourceWork(_request, _options, _groups, _sources, _chunks, _intake, _meter, slot, Work, Show, _time, _logger, _finished.Task, _stop.Token).RunAsync);
            }
        }

        using (await _intake.EnterAsync())
        {
            _sources.End();
        }
    }

    async Task CheckpointQuietlyAsync()
    {
        try
        {
            await _groups.CheckpointAsync(CancellationToken.None);
        }
        catch (Exception e) when (e is IOException or SharingException)
        {
            RoutesLog.CheckpointFailed(_logger, _request.Key, e);
        }
    }

    /// <summary>What is there is proven to be of a content that no source has, or will ever have: the next try has to begin anew.</summary>
    bool IsDeadEnd() => _groups.State.Proofs && _sources.Slots.All(s => s.Useless);

    /// <summary>Tells an answer of nothing from none.</summary>
    sealed record Answer(ChunkChoice? Choice);
}
