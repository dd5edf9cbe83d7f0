using System.ComponentModel;
using System.Diagnostics;

namespace Sharing.Core;

/// <summary>One process with its pipes, from its start to its end.</summary>
/// <remarks>It is started by a thread that waits for its end: "dies with its parent" (PR_SET_PDEATHSIG) means the thread that started it, and a pool's
/// thread may end at any time.</remarks>
sealed class ConfinedProcess : IDisposable
{
    readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Process _process;

    ConfinedProcess(ProcessStartInfo start) => _process = new Process { StartInfo = start };

    public Stream Input => _process.StandardInput.BaseStream;

    public Stream Output => _process.StandardOutput.BaseStream;

    public Stream Log => _process.StandardError.BaseStream;

    public int ExitCode => _process.ExitCode;

    /// <summary>Done once it has ended, however.</summary>
    public Task Ended => _ended.Task;

    /// <exception cref="Win32Exception">There is no such program.</exception>
    public static async Task<ConfinedProcess> StartAsync(ProcessStartInfo start)
    {
        var process = new ConfinedProcess(start);
        new Thread(process.Run) { IsBackground = true, Name = "Sharing.Confined" }.Start();
        await process._started.Task;
        return process;
    }

    /// <summary>Kills it and all that came of it.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended.
        }
    }

    public void Dispose() => _process.Dispose();

    void Run()
    {
        try
        {
            _process.Start();
        }
        catch (Exception e)
        {
            _started.SetException(e);
            return;
        }

        _started.SetResult();
        _process.WaitForExit();
        _ended.SetResult();
    }
}
