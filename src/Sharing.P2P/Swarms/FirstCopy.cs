namespace Sharing.P2P;

/// <summary>A part that the server gives because no terminal has it. Disposed when it is sent, or will not be. Thread-safe.</summary>
public sealed class FirstCopy : IDisposable
{
    Action? _sent;

    internal FirstCopy(int part, Action sent) => (Part, _sent) = (part, sent);

    /// <summary>Which of the parts that were asked for it is.</summary>
    public int Part { get; }

    /// <inheritdoc/>
    public void Dispose() => Interlocked.Exchange(ref _sent, null)?.Invoke();
}
