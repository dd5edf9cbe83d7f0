namespace Sharing.Sqlite;

// A commit that waits for the writer. Whoever comes first decides: the writer by taking it, or its caller by giving up.
sealed class PendingCommit(RecordBatch batch, bool erases = false)
{
    readonly TaskCompletionSource<CommitOutcome> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    int _decided;

    public RecordChange[] Changes { get; } = [.. batch.Changes];

    public bool MakesRoom { get; } = batch.MakesRoom;

    // Whether nothing may be left, in the log or in free pages, of what was deleted before.
    public bool Erases { get; } = erases;

    public Task<CommitOutcome> Ended => _ended.Task;

    // What the writer found out; told only after the transaction that it stands in is durable.
    public CommitOutcome Outcome { get; set; }

    public Exception? Fault { get; set; }

    public bool TryTake() => Interlocked.CompareExchange(ref _decided, 1, 0) == 0;

    public void GiveUp(CancellationToken cancellationToken)
    {
        if (TryTake())
        {
            _ended.SetCanceled(cancellationToken);
        }
    }

    public void Tell()
    {
        if (Fault is null)
        {
            _ended.SetResult(Outcome);
        }
        else
        {
            _ended.SetException(Fault);
        }
    }
}
