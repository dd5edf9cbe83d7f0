using System.IO.Pipelines;

namespace Sharing.Messaging;

/// <summary>One who follows a log. What is followed is shared, his cursor is his own: between two messages he costs no more than this.</summary>
public sealed class PushFollower : IDisposable
{
    const int Resting = 0, Writing = 1, WritingAgain = 2, Over = 3;

    readonly PushStream _stream;
    readonly Action _left;
    TaskCompletionSource? _over;
    PipeWriter? _output;
    CancellationToken _cancellation;
    long _after, _beat;
    int _turn;
    bool _isDisposed;

    internal PushFollower(PushStream stream, Action left) => (_stream, _left) = (stream, left);

    /// <summary>Writes what comes after a number, and what comes then, as server-sent events, and a comment at each beat without any; until nobody takes it any more.</summary>
    /// <param name="after">The number.</param>
    /// <param name="output">Takes it. A reader who stands still is waited for; nothing is queued for him.</param>
    /// <param name="cancellationToken">Ends it. When the task has ended nothing is being written.</param>
    public async Task WriteAsync(long after, PipeWriter output, CancellationToken cancellationToken)
    {
        (_after, _output, _cancellation, _beat) = (after, output, cancellationToken, _stream.Beats);
        _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var place = _stream.Join(this);
        try
        {
            await using var ending = cancellationToken.UnsafeRegister(static follower => ((PushFollower)follower!).Go(), this);
            Go();
            await _over.Task;
        }
        finally
        {
            _stream.Leave(place);
        }
    }

    /// <summary>Whether what was followed is gone.</summary>
    internal bool IsOver => _stream.IsOver;

    /// <summary>Waits until there is something after a number, or for the next beat.</summary>
    public Task WaitAfterAsync(long after, CancellationToken cancellationToken) => _stream.WaitAfterAsync(after, cancellationToken);

    /// <summary>Follows it no more.</summary>
    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _left();
        }
    }

    /// <summary>Writes what there is, as far as that goes without waiting; if that is under way already, it looks once more. Thread-safe, and never throws.</summary>
    internal void Go()
    {
        while (true)
        {
            switch (Interlocked.CompareExchange(ref _turn, Writing, Resting))
            {
                case Resting:
                    _ = TurnAsync();
                    return;
                case Writing when Interlocked.CompareExchange(ref _turn, WritingAgain, Writing) != Writing:
                    continue; // it came to rest, or was told so, just now
                default:
                    return;
            }
        }
    }

    async Task TurnAsync()
    {
        Exception? fault = null;
        for (var isOver = false; ;)
        {
            try
            {
                isOver = _cancellation.IsCancellationRequested || await WriteAllAsync();
            }
            catch (OperationCanceledException) when (_cancellation.IsCancellationRequested)
            {
                isOver = true;
            }
            catch (Exception e) // whatever it is, it is told to whoever waits for the end
            {
                (isOver, fault) = (true, e);
            }

            if (isOver)
            {
                Volatile.Write(ref _turn, Over);
                _ = fault is null ? _over!.TrySetResult() : _over!.TrySetException(fault);
                return;
            }

            if (Interlocked.CompareExchange(ref _turn, Resting, Writing) == Writing)
            {
                return;
            }

            Volatile.Write(ref _turn, Writing);
        }
    }

    /// <returns>Whether nobody listens any more, or there is nothing more to hear.</returns>
    async ValueTask<bool> WriteAllAsync()
    {
        while (!_stream.IsOver)
        {
            var (before, beats) = (_after, _stream.Beats);
            _after = await _stream.WriteAfterAsync(before, _beat != beats, _output!, _cancellation);
            if (_after == before && _beat == beats)
            {
                return false;
            }

            _beat = beats;
            if ((await _output!.FlushAsync(_cancellation)).IsCompleted)
            {
                return true;
            }
        }

        return true;
    }
}
