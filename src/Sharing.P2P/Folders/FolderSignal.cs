namespace Sharing.P2P;

/// <summary>Says that shared folders are to be looked at. Thread-safe singleton.</summary>
public sealed class FolderSignal
{
    TaskCompletionSource _set = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>They are to be looked at.</summary>
    internal void Set() => Volatile.Read(ref _set).TrySetResult();

    /// <summary>Ends when it was set since the last <see cref="Clear"/>.</summary>
    internal Task Waiting => Volatile.Read(ref _set).Task;

    internal void Clear()
    {
        if (Waiting.IsCompleted)
        {
            Volatile.Write(ref _set, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }
    }
}
