using System.Collections.Concurrent;

namespace Sharing.Social;

/// <summary>Keeps away from servers that do not answer: one request at a time finds out whether one is there, the others wait a moment for what it finds, and are then put off. So a dead
/// server costs a network one of its lanes, not all. Thread-safe.</summary>
sealed class ServerGate(TimeProvider time)
{
    // So many in a row, and a server that has answered before counts as away.
    const int MostServers = 10_000, Patience = 3;

    static readonly TimeSpan s_longest = TimeSpan.FromMinutes(5), s_moment = TimeSpan.FromSeconds(2), s_soon = TimeSpan.FromSeconds(5);

    readonly ConcurrentDictionary<string, State> _servers = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Asks to send something.</summary>
    /// <returns><c>null</c>: go on, and say how it ended by <see cref="Leave"/>; otherwise when to come again.</returns>
    public async ValueTask<DateTimeOffset?> EnterAsync(Uri server, CancellationToken cancellationToken)
    {
        var state = Of(server);
        for (var patient = true; ; patient = false)
        {
            Task probe;
            lock (state)
            {
                var now = time.GetUtcNow();
                if (state.IsProven)
                {
                    return null;
                }

                if (state.Probe is null && state.Until > now)
                {
                    return state.Until;
                }

                if (state.Probe is null)
                {
                    state.Probe = new(TaskCreationOptions.RunContinuationsAsynchronously);
                    return null;
                }

                if (!patient)
                {
                    return now + s_soon;
                }

                probe = state.Probe.Task;
            }

            await Task.WhenAny(probe, Task.Delay(s_moment, time, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Whether the server answered, whatever it said; <c>null</c>: nobody waited for it.</summary>
    public void Leave(Uri server, bool? answered)
    {
        var state = Of(server);
        lock (state)
        {
            state.Probe?.TrySetResult();
            state.Probe = null;
            if (answered == true)
            {
                (state.IsProven, state.Failures) = (true, 0);
            }
            else if (answered == false)
            {
                state.Failures = Math.Min(state.Failures + 1, 20);
                state.IsProven = state.IsProven && state.Failures < Patience;
                var wait = TimeSpan.FromSeconds(Math.Pow(2, Math.Max(0, state.Failures - Patience)));
                state.Until = time.GetUtcNow() + (wait < s_longest ? wait : s_longest);
            }
        }
    }

    State Of(Uri server)
    {
        if (_servers.Count > MostServers)
        {
            _servers.Clear(); // each is found out about again
        }

        return _servers.GetOrAdd(server.Authority, static _ => new State());
    }

    sealed class State
    {
        public bool IsProven { get; set; }

        /// <summary>The request that finds out.</summary>
        public TaskCompletionSource? Probe { get; set; }

        public int Failures { get; set; }

        public DateTimeOffset Until { get; set; }
    }
}
