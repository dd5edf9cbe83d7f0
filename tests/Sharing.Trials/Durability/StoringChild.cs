using System.Diagnostics;
using System.Globalization;

namespace Sharing.Trials.Durability;

/// <summary>A process that stores, and its journal.</summary>
sealed class StoringChild : IAsyncDisposable
{
    readonly Process _process;
    readonly Task _reading;
    readonly StoringJournal _journal;
    readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    StoringChild(Process process, StoringJournal journal)
    {
        (_process, _journal) = (process, journal);
        _reading = Task.Run(ReadAsync);
    }

    /// <summary>The assembly of the child.</summary>
    public static string Assembly { get; } = Path.Combine(AppContext.BaseDirectory, "Sharing.Tests.Child.dll");

    public static StoringChild Start(string folder, Uri origin, StoringJournal journal, int rounds, string step = "-", int occurrence = 0) =>
        Start([Assembly, "store", folder, origin.ToString(), Text(rounds), Text(journal.NextRound), step, Text(occurrence)], [], journal);

    /// <summary>Starts one that outlives its faults: it tells what failed and goes on.</summary>
    /// <param name="folder">The data.</param>
    /// <param name="origin">Has bytes.</param>
    /// <param name="journal">Takes what is told.</param>
    /// <param name="rounds">How many.</param>
    /// <param name="under">The command that runs it, e.g. <c>strace</c> with its options; empty for none.</param>
    public static StoringChild StartOn(string folder, Uri origin, StoringJournal journal, int rounds, params string[] under) =>
        Start([Assembly, "store-on", folder, origin.ToString(), Text(rounds), Text(journal.NextRound)], under, journal);

    static StoringChild Start(string[] arguments, string[] under, StoringJournal journal)
    {
        string[] command = [.. under, "dotnet", .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        return new(Process.Start(start)!, journal);
    }

    /// <summary>Returns when the process is about to store.</summary>
    public Task ReadyAsync(CancellationToken cancellationToken) => _ready.Task.WaitAsync(TimeSpan.FromSeconds(100), TimeProvider.System, cancellationToken);

    /// <summary>Waits until it has ended by itself, and all that it told is in the journal.</summary>
    public async Task<int> EndAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        await _reading;
        return _process.ExitCode;
    }

    /// <summary>Ends it at once.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true); // also what runs under another command
        await _process.WaitForExitAsync();
        await _reading;
    }

    /// <summary>What it complained of.</summary>
    public Task<string> ErrorsAsync() => _process.StandardError.ReadToEndAsync();

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    /// <summary>Blocks others who look at the journal while a line goes in.</summary>
    public T Look<T>(Func<StoringJournal, T> look)
    {
        lock (_journal)
        {
            return look(_journal);
        }
    }

    async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line == "ready")
            {
                _ready.TrySetResult();
            }

            lock (_journal)
            {
                _journal.Add(line);
            }
        }

        _ready.TrySetException(new InvalidOperationException("The process ended before it stored anything."));
    }

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
