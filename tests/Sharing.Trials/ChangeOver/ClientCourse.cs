using System.Buffers;
using System.Text.Json.Nodes;
using Sharing.Core;
using Sharing.Offline;
using Sharing.Trials.Scripted;

namespace Sharing.Trials.ChangeOver;

/// <summary>A plain client, to whom the bytes are passed through.</summary>
sealed class ClientCourse(Schedule schedule, JsonObject facts) : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(100);

    readonly Course _course = new(schedule);
    readonly ArrayBufferWriter<byte> _passed = new();

    public void Dispose() => _course.Dispose();

    public async Task<string?> RunAsync(CancellationToken cancellationToken)
    {
        SourceRead first;
        try
        {
            first = await _course.Source.OpenAsync(0, null, cancellationToken);
        }
        catch (SharingException e) when (schedule.Wire is not null && e.Code == ProblemCodes.FetchFailed)
        {
            facts["ended"] = e.Code; // a clear failure before the first byte
            return null;
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        Exception? error = null;
        await using var stream = new ChangeOverStream(_course.Source, first, _course.Library.LandingAsync(), new HurriedClock());
        try
        {
            await CopyAsync(stream, patience.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && IsStuck(stream))
        {
            error = new IOException("The origin stalls, and the library has another beginning.");
        }
        catch (Exception e) when (e is IOException or SharingException)
        {
            error = e;
        }

        facts["fromOrigin"] = _course.Origin.Delivered;
        facts["fromLibrary"] = _course.Library.Delivered;
        facts["landedAfter"] = _course.LandedAfter;
        facts["ended"] = error?.GetType().Name;
        return error is null ? Judge(stream.Kind) : JudgeBroken(error);
    }

    async Task CopyAsync(ChangeOverStream stream, CancellationToken cancellationToken)
    {
        var buffer = new byte[schedule.BufferSize];
        while (true)
        {
            using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var reading = stream.ReadAsync(buffer, giveUp.Token).AsTask();
            while (!reading.IsCompleted && await Task.WhenAny(reading, Task.Delay(Glance, TimeProvider.System, cancellationToken)) != reading)
            {
                if (IsStuck(stream))
                {
                    await giveUp.CancelAsync();
                }
            }

            var read = await reading;
            if (read == 0)
            {
                return;
            }

            _passed.Write(buffer.AsSpan(0, read));
        }
    }

    /// <summary>A stalled origin, and a library that does not begin with what was passed on: nobody would go on.</summary>
    bool IsStuck(ChangeOverStream stream) => _course.LandedAfter >= 0 && schedule.StallsAtLanding
        && ((stream.Offer.Length is { } length && length != schedule.Stored.Length) || !IsBeginning(schedule.Stored));

    string? Judge(SourceKind kind)
    {
        var bytes = _passed.WrittenSpan.ToArray();
        var stored = bytes.AsSpan().SequenceEqual(schedule.Stored);
        if (kind == SourceKind.Server && !stored)
        {
            return "It changed over, but the result is not the library's version.";
        }

        return stored || schedule.CannotTell || schedule.IsVersion(v => v.AsSpan().SequenceEqual(bytes)) ? null : "The result is no version: it was spliced.";
    }

    /// <summary>Breaking off is right only where there was nothing to go on with, and then what was passed on is the beginning of one version.</summary>
    string? JudgeBroken(Exception error)
    {
        if (!schedule.CannotTell && !schedule.IsVersion(IsBeginning))
        {
            return "What was passed on is of no version: it was spliced.";
        }

        var excused = schedule.Versions.Count > 1 || schedule.Wire is { IsHonest: false } || (error is IOException or SharingException { Code: ProblemCodes.FetchFailed } && (schedule.LibraryResets > 0 || schedule.Resets.Count > 5));
        return excused ? null : "It broke off without need: " + error;
    }

    bool IsBeginning(byte[] version) => version.AsSpan().StartsWith(_passed.WrittenSpan);
}
