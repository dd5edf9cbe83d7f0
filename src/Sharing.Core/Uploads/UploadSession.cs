namespace Sharing.Core;

#pragma warning disable CA1001 // the semaphore holds nothing unless its wait handle is asked for; the source has no timer
/// <summary>What this process knows of an upload beside its records and bytes. But for what the lock of <see cref="UploadTurns"/> guards, it belongs to whoever
/// has the turn.</summary>
sealed class UploadSession
{
    public SemaphoreSlim One { get; } = new(1);

    /// <summary>Stops the newest request's reading. Guarded by the lock.</summary>
    public CancellationTokenSource? Newest { get; set; }

    /// <summary>Who has the turn or waits for it. Guarded by the lock.</summary>
    public int Users { get; set; }

    /// <summary>The first group whose hash this process has written.</summary>
    public long HashedFrom { get; set; }

    /// <summary>The byte up to which all whole groups from there on were hashed; 0: nothing is known.</summary>
    public long HashedTo { get; set; }

    public bool HasEnded { get; set; }
}
