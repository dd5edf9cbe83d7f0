using System.Runtime.ExceptionServices;

namespace Sharing.Apps;

/// <summary>Work for all processors at once, whose first fault comes out as itself.</summary>
static class ParallelWork
{
    /// <summary>Runs <paramref name="body"/> for 0 to <paramref name="count"/> − 1, with one <typeparamref name="T"/> for each worker.</summary>
    public static void For<T>(int count, Func<T> begin, Action<int, T> body, Action<T> end, CancellationToken cancellationToken)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken };
        Once(() => Parallel.For(0, count, options, begin, (index, _, state) =>
        {
            body(index, state);
            return state;
        }, end));
    }

    /// <summary>Runs both.</summary>
    public static void Both(Action one, Action other) => Once(() => Parallel.Invoke(one, other));

    static void Once(Action work)
    {
        try
        {
            work();
        }
        catch (AggregateException fault)
        {
            ExceptionDispatchInfo.Throw(fault.Flatten().InnerExceptions[0]);
        }
    }
}
