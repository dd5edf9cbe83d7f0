using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;

namespace Sharing.Trials.Swarm;

/// <summary>A terminal in a process of its own, and what it says.</summary>
sealed class SwarmMemberProcess
{
    readonly Channel<string> _held = Channel.CreateUnbounded<string>();
    readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource<(long, long)> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SwarmMemberProcess(Process process, string file)
    {
        (Process, File) = (process, file);
        _ = ListenAsync();
    }

    public Process Process { get; }

    /// <summary>Where it puts the file.</summary>
    public string File { get; }

    public Task ReadyAsync(CancellationToken cancellationToken) => _ready.Task.WaitAsync(cancellationToken);

    public Task GoAsync(CancellationToken cancellationToken) => Process.StandardInput.WriteLineAsync($"go {File}".AsMemory(), cancellationToken);

    /// <summary>What it has now, and how many others it knows.</summary>
    public async Task<(List<(long From, long End)> Runs, long Others)> HeldAsync(CancellationToken cancellationToken)
    {
        await Process.StandardInput.WriteLineAsync("held".AsMemory(), cancellationToken);
        var said = (await _held.Reader.ReadAsync(cancellationToken)).Split(' ');
        return ([.. said[1].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(static run => run.Split('+'))
            .Select(static run => (From: Number(run[0]), End: Number(run[0]) + Number(run[1])))], Number(said[0]));
    }

    /// <summary>Ends when it has the file.</summary>
    public Task<(long FromServer, long FromPeers)> DoneAsync(CancellationToken cancellationToken) => _done.Task.WaitAsync(cancellationToken);

    async Task ListenAsync()
    {
        while (await Process.StandardOutput.ReadLineAsync() is { } line)
        {
            switch (line.Split(' '))
            {
                case ["ready"]:
                    _ready.TrySetResult();
                    break;
                case ["held", var others, var runs]:
                    _held.Writer.TryWrite($"{others} {runs}");
                    break;
                case ["done", var server, var peers]:
                    _done.TrySetResult((Number(server), Number(peers)));
                    break;
            }
        }

        var ended = new InvalidOperationException("A terminal ended.");
        _ready.TrySetException(ended);
        _done.TrySetException(ended);
        _held.Writer.TryComplete(ended);
    }

    static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
