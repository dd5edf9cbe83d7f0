using Microsoft.Extensions.Logging.Abstractions;
using Sharing.Core;

namespace Sharing.Tests.Records;

public sealed class WorkLoopTests
{
    [Fact(Timeout = 30_000)]
    public async Task A_timer_that_fires_while_it_is_being_disposed_does_no_harm()
    {
        var time = new LateTimers();
        var records = new WatchingRecordStore(new MemoryRecordStore());
        var queue = new WorkQueue(records, TimeProvider.System, "q");
        using var loop = new Loop(queue, records, time);
        await loop.StartAsync(TestContext.Current.CancellationToken);
        for (var i = 0; i < 5; i++)
        {
            await records.ChangeAsync(async batch =>
            {
                await queue.ScheduleAsync(batch, "a", DateTimeOffset.UnixEpoch, WorkLoop.NoPayload);
                return true;
            });
            var before = loop.Runs;
            while (loop.Runs < before + 2)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken);
            }
        }

        await loop.StopAsync(TestContext.Current.CancellationToken);
        Assert.True(time.Fired > 0);
        Assert.Empty(time.Faults);
    }

    sealed class Loop(WorkQueue queue, IRecordWatch watch, TimeProvider time) : WorkLoop(watch, time, NullLogger.Instance)
    {
        public int Runs { get; private set; }

        protected override IReadOnlyList<(WorkQueue Queue, int AtOnce, Func<CancellationToken, Task<bool>> RunOnceAsync)> Lanes => [(queue, 1, RunOnceAsync)];

        async Task<bool> RunOnceAsync(CancellationToken cancellationToken)
        {
            Runs++;
            return await queue.ClaimAsync(TimeSpan.FromMilliseconds(10), cancellationToken) is not null;
        }
    }

    /// <summary>Timers that fire just after they were disposed: as a real one does whose callback was on its way. What it throws there would end the process.</summary>
    sealed class LateTimers : TimeProvider
    {
        public int Fired { get; private set; }

        public List<Exception> Faults { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            new Timer(this, base.CreateTimer(callback, state, dueTime, period), callback, state);

        sealed class Timer(LateTimers time, ITimer inner, TimerCallback callback, object? state) : ITimer
        {
            bool _disposed;

            public bool Change(TimeSpan dueTime, TimeSpan period) => inner.Change(dueTime, period);

            public void Dispose()
            {
                inner.Dispose();
                if (!_disposed)
                {
                    _disposed = true;
                    ThreadPool.QueueUserWorkItem(_ =>
                    {
                        Thread.Sleep(1);
                        time.Fired++;
                        if (Xunit.Record.Exception(() => callback(state)) is { } fault)
                        {
                            time.Faults.Add(fault);
                        }
                    });
                }
            }

            public ValueTask DisposeAsync()
            {
                Dispose();
                return default;
            }
        }
    }
}
