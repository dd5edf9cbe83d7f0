using System.Runtime.CompilerServices;

namespace Sharing.Core;

/// <summary>The parts of a content that a transfer has proven, in the order in which they came: whoever reads it late reads all. Thread-safe.</summary>
sealed class HeldLog
{
    /// <summary>Each reader has that many at once: there may be many readers of many runs.</summary>
    const int AtOnce = 256;

    readonly Lock _lock = new();
    readonly List<ByteRun> _runs = [];
    TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
    bool _ended;

    public void Add(ByteRun run)
    {
        lock (_lock)
        {
            _runs.Add(run);
            Wake();
        }
    }

    /// <summary>Nothing more comes, and what came may be gone.</summary>
    public void End()
    {
        lock (_lock)
        {
            _ended = true;
            Wake();
        }
    }

    /// <summary>What came until now, in order of its place.</summary>
    public List<ByteRun> Now()
    {
        lock (_lock)
        {
            return _ended ? [] : [.. _runs.OrderBy(static run => run.Offset)];
        }
    }

    public async IAsyncEnumerable<ByteRun> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (var read = 0; ;)
        {
            ByteRun[] runs;
            Task news;
            lock (_lock)
            {
                (runs, news) = ([.. _runs.Skip(read).Take(AtOnce)], _news.Task);
                if (runs.Length == 0 && _ended)
                {
                    yield break;
                }
            }

            foreach (var run in runs)
            {
                yield return run;
            }

            read += runs.Length;
            await (runs.Length == 0 ? news.WaitAsync(cancellationToken) : Task.CompletedTask);
        }
    }

    void Wake()
    {
        var news = _news;
        _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
        news.TrySetResult();
    }
}
