using System.Collections.Concurrent;

namespace Sharing.Core;

/// <summary>Threads that wait for the disk: a flush keeps its thread waiting for milliseconds, and there are no more threads in the pool than processors, which are wanted meanwhile.</summary>
sealed class DiskThreads : TaskScheduler
{
    const int Count = 16;

    static readonly TaskFactory All = new(CancellationToken.None, TaskCreationOptions.DenyChildAttach, TaskContinuationOptions.None, new DiskThreads());

    readonly BlockingCollection<Task> _waiting = [];

    DiskThreads()
    {
        for (var i = 0; i < Count; i++)
        {
            new Thread(Work) { IsBackground = true, Name = "Sharing.Disk" }.Start();
        }
    }

    public override int MaximumConcurrencyLevel => Count;

    /// <summary>Runs what waits for the disk.</summary>
    public static Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken) => All.StartNew(work, cancellationToken);

    /// <inheritdoc cref="RunAsync{T}"/>
    public static Task RunAsync(Action work, CancellationToken cancellationToken) => All.StartNew(work, cancellationToken);

    protected override void QueueTask(Task task) => _waiting.Add(task);

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => _waiting;

    void Work()
    {
        foreach (var task in _waiting.GetConsumingEnumerable())
        {
            TryExecuteTask(task);
        }
    }
}
