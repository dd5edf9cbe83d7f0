using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Sharing.Core;
using Sharing.Trials.Scripted;

namespace Sharing.Trials.ChangeOver;

/// <summary>A terminal's transfer, stopped and started again as the schedule says.</summary>
sealed class TerminalCourse(Schedule schedule, JsonObject facts) : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly Course _course = new(schedule);
    readonly FragileStores _stores = new(new Random(schedule.StoresSeed));

    public void Dispose() => _course.Dispose();

    public async Task<string?> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await EndAsync(cancellationToken);
        }
        catch (SharingException e) when (schedule.Wire is { } wire && (wire.IsForEver || schedule.CannotTell) && _course.LandedAfter < 0
            && e.Code is ProblemCodes.NoSource or ProblemCodes.OriginChanged)
        {
            facts["ended"] = e.Code; // a clear failure: nobody had it
            return null;
        }
    }

    async Task<string?> EndAsync(CancellationToken cancellationToken)
    {
        var stops = new Queue<(bool PowerCut, int Steps)>(schedule.Stops);
        while (true)
        {
            (bool PowerCut, int Steps)? stop = stops.TryDequeue(out var next) ? next : null;
            if (await TryAsync(stop, cancellationToken) is { } content)
            {
                return await JudgeAsync(content);
            }

            if (_stores.IsOff)
            {
                _stores.Restart();
            }
        }
    }

    /// <summary>One life of the process; <c>null</c>: it ended before the transfer did.</summary>
    async Task<ContentInfo?> TryAsync((bool PowerCut, int Steps)? stop, CancellationToken cancellationToken)
    {
        using var ended = new CancellationTokenSource();
        if (stop is { } at)
        {
            _stores.CutAfter(at.PowerCut ? at.Steps : long.MaxValue);
        }

        var options = new TransferOptions
        {
            ChunkSize = schedule.ChunkSize, CheckpointBytes = 4L * schedule.ChunkSize, FirstRest = TimeSpan.FromMilliseconds(1), MaxFailures = 40,
            ProgressInterval = TimeSpan.Zero, MaxOriginChanges = 40,
        };
        var engine = new TransferEngine(
            _stores, _stores, new CheapestSourceSelector(), Options.Create(options), new HurriedClock(), NullLogger<TransferEngine>.Instance);
        var request = new TransferRequest
        {
            Key = "trial", Sources = [_course.Source, _course.Library], Progress = stop is { PowerCut: false } ? new Stopper(ended, stop.Value.Steps) : null,
        };
        try
        {
            await using var transfer = await engine.StartAsync(request, ended.Token);
            return (await transfer.Completion.WaitAsync(Patience, cancellationToken)).Content;
        }
        catch (IOException) when (_stores.IsOff)
        {
            return null;
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    async Task<string?> JudgeAsync(ContentInfo content)
    {
        var bytes = await Samples.ReadAsync(_stores, content);
        var (library, landed) = (_course.Library.Delivered, _course.LandedAfter);
        (facts["fromOrigin"], facts["fromLibrary"], facts["missing"], facts["landedAfter"]) = (_course.Origin.Delivered, library, _course.MissingAtLanding, landed);
        if (Samples.IdOf(bytes) != content.Id)
        {
            return "The content stored under an id is another one.";
        }

        var stored = bytes.AsSpan().SequenceEqual(schedule.Stored);
        if (landed >= 0 && schedule.StallsAtLanding && !stored)
        {
            return "It landed, but the result is not the library's version.";
        }

        if (!stored && library > 0)
        {
            return "The library delivered, but the result is not its version.";
        }

        // A liar's bytes of two versions cannot be told apart without the library.
        if (!stored && !schedule.CannotTell && !schedule.IsVersion(v => v.AsSpan().SequenceEqual(bytes)))
        {
            return "The result is no version: it was spliced.";
        }

        return JudgeBytes(library, landed);
    }

    /// <summary>Nothing that was there and right is fetched again.</summary>
    string? JudgeBytes(long library, long landed)
    {
        if (landed < 0)
        {
            return library == 0 ? null : "The library delivered before it landed.";
        }

        var since = _course.Origin.Delivered - landed;
        if (_stores.Cuts > 0 || schedule.Stops.Count > 0 || schedule is { Lies: true, KnowsRanges: false })
        {
            return null; // what was not durable is fetched again; what a liar's bytes replaced is not known here
        }

        // Where an origin leads elsewhere, what came before may be of no use: then nothing comes from the library twice, at least.
        var missing = schedule.CannotTell || schedule.Wire is { LeadsElsewhere: true } ? schedule.Stored.Length : _course.MissingAtLanding;
        if (library > missing + schedule.ChunkSize + (schedule.LibraryResets * Samples.Group))
        {
            return "The library delivered more than was missing or differed.";
        }

        return schedule is { LibraryResets: 0, StallsAtLanding: true } && since > schedule.ChunkSize
            ? "The origin delivered more than a chunk after the landing." : null;
    }

    sealed class Stopper(CancellationTokenSource ended, int after) : IProgress<TransferProgress>
    {
        int _left = after;

        public void Report(TransferProgress value)
        {
            if (--_left == 0)
            {
                _ = ended.CancelAsync();
            }
        }
    }
}
