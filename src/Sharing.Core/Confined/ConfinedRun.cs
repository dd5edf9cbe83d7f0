using System.Text;

namespace Sharing.Core;

/// <summary>One run: bytes in, bytes out, the log, and an eye on time and size.</summary>
sealed class ConfinedRun(ConfinedProcess process, ConfinedProgram program, ConfinedOptions options, TimeProvider time)
{
    const int BufferSize = 64 * 1024;
    const int CpuSignal = 128 + 24, SizeSignal = 128 + 25; // SIGXCPU, SIGXFSZ

    public async Task<ConfinedOutcome> RunAsync(Stream input, Stream output, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(options.WallTime, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
        var log = LogAsync();
        var feeding = Task.CompletedTask;
        try
        {
            var ready = await process.Output.ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false, stop.Token);
            feeding = ready == 1 ? FeedAsync(input, ended.Token) : feeding;
            var whole = await TakeAsync(output, stop.Token);
            if (whole)
            {
                await process.Ended.WaitAsync(stop.Token);
            }

            process.Kill();
            await process.Ended;
            var end = whole ? EndOf(process.ExitCode) : ConfinedEnd.OutputBytesReached;
            return new(end, whole ? process.ExitCode : -1, await log);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            process.Kill();
            return new(ConfinedEnd.TimedOut, -1, await log);
        }
        finally
        {
            process.Kill();
            await process.Ended;
            await ended.CancelAsync();
            await log;
            await feeding;
        }
    }

    static ConfinedEnd EndOf(int code) => code switch
    {
        0 => ConfinedEnd.Finished,
        ConfinedCommand.InputTooLarge => ConfinedEnd.InputTooLarge,
        CpuSignal => ConfinedEnd.CpuTimeReached,
        SizeSignal => ConfinedEnd.OutputBytesReached,
        _ => ConfinedEnd.Crashed,
    };

    /// <summary>Hands over the input. A fault of the input itself is the caller's, and ends the run; that nobody reads it any more is none.</summary>
    async Task FeedAsync(Stream input, CancellationToken cancellationToken)
    {
        var isTaken = await TryWriteAsync("\n"u8.ToArray(), cancellationToken);
        foreach (var file in program.Files)
        {
            isTaken = isTaken && await TryWriteAsync(file.Bytes, cancellationToken);
        }

        for (var buffer = new byte[BufferSize]; isTaken;)
        {
            try
            {
                var count = await input.ReadAsync(buffer, cancellationToken);
                isTaken = count > 0 && await TryWriteAsync(buffer.AsMemory(0, count), cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch
            {
                process.Kill();
                throw;
            }
        }

        await TryWriteAsync(null, cancellationToken);
    }

    /// <summary>Writes; <c>null</c> is the end.</summary>
    async Task<bool> TryWriteAsync(ReadOnlyMemory<byte>? bytes, CancellationToken cancellationToken)
    {
        try
        {
            if (bytes is null)
            {
                await process.Input.DisposeAsync();
                return false;
            }

            await process.Input.WriteAsync(bytes.Value, cancellationToken);
            return true;
        }
        catch (Exception e) when (e is IOException || (e is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }

    /// <returns>Whether all of it came, and was not too much.</returns>
    async Task<bool> TakeAsync(Stream output, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize];
        for (var left = options.OutputBytes; ;)
        {
            var count = await process.Output.ReadAsync(buffer, cancellationToken);
            left -= count;
            if (count == 0 || left < 0)
            {
                return left >= 0;
            }

            await output.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
        }
    }

    /// <summary>What is printed, as far as it is kept; to its end, so that nobody waits for room to print.</summary>
    async Task<string> LogAsync()
    {
        var kept = new MemoryStream();
        var buffer = new byte[BufferSize];
        int count;
        while ((count = await process.Log.ReadAsync(buffer, CancellationToken.None)) > 0)
        {
            kept.Write(buffer, 0, (int)Math.Min(count, options.LogBytes - kept.Length));
        }

        return Encoding.UTF8.GetString(kept.ToArray());
    }
}
