using Sharing.Trials.Scripted;

namespace Sharing.Tests.Routes;

/// <summary>What a source does before it hands over a piece.</summary>
static class Scripts
{
    /// <summary>Breaks off at that byte, so many times.</summary>
    public static Func<long, int, CancellationToken, ValueTask<int>> ResetAt(long at, int times = 1) => (position, count, _) =>
    {
        if (position <= at && at < position + count && times-- > 0)
        {
            throw new IOException("Reset.");
        }

        return new(count);
    };

    /// <summary>Does something once, before the piece with that byte.</summary>
    public static Func<long, int, CancellationToken, ValueTask<int>> OnceAt(long at, Action act)
    {
        var done = 0;
        return (position, count, _) =>
        {
            if (position <= at && at < position + count && Interlocked.Exchange(ref done, 1) == 0)
            {
                act();
            }

            return new(count);
        };
    }

    /// <summary>Does something before the piece with that byte, and delivers no more.</summary>
    public static Func<long, int, CancellationToken, ValueTask<int>> StallAt(long at, Action? act = null) => async (position, count, token) =>
    {
        if (position <= at && at < position + count)
        {
            act?.Invoke();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
        }

        return count;
    };

    /// <summary>Lets the library land before the piece with that byte, and delivers no more.</summary>
    public static Func<long, int, CancellationToken, ValueTask<int>> LandAt(long at, ScriptedLibrary library) => StallAt(at, library.Land);
}
