namespace Sharing.Testing;

/// <summary>A course that failed in one order of its actors' steps. The message has the order; the inner exception is what the course threw.</summary>
public sealed class InterleavingException : Exception
{
    internal InterleavingException(string schedule, IEnumerable<string> turns, int runs, Exception inner)
        : base($"Failed in run {runs}, schedule \"{schedule}\": {inner.Message}\n{string.Join('\n', turns)}", inner) => Schedule = schedule;

    /// <summary>For <see cref="Interleaving.ReplayAsync"/>.</summary>
    public string Schedule { get; }
}
