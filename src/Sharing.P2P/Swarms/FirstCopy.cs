namespace Sharing.P2P;

/// <summary>A part that the server gives because no terminal has it. Disposed when it is sent, or will not be. Thread-safe.</summary>
public sealed class FirstCopy : IDisposable
{
    readonly UploadSlots _slots;
    Action<bool>? _over;
    volatile bool _isSent;

    internal FirstCopy(int part, UploadSlots slots, Action<bool> over) => (Part, _slots, _over) = (part, slots, over);

    /// <summary>Which of the parts that were asked for it is.</summary>
    public int Part { get; }

    /// <summary>So many bytes of it go out now. Counted when they do: whole parts, of several at once, would look like a link that is idle and busy by turns.</summary>
    public void Count(int bytes) => _slots.Sent(bytes);

    /// <summary>All of it is sent. What was not when it is disposed nobody has: it is the next one's who asks.</summary>
    public void Sent() => _isSent = true;

    /// <inheritdoc/>
    public void Dispose() => Interlocked.Exchange(ref _over, null)?.Invoke(_isSent);
}
