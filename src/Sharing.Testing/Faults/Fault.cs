namespace Sharing.Testing;

/// <summary>One thing that goes wrong, for a <see cref="FaultPlan"/>. Immutable; may be used in several plans.</summary>
public sealed class Fault
{
    Fault(FaultKind kind, Func<Exception>? exception = null, Func<TimeProvider, CancellationToken, Task>? first = null) =>
        (Kind, MakeException, First) = (kind, exception ?? (static () => new IOException("It failed, as planned.")), first);

    /// <summary>What goes wrong.</summary>
    public FaultKind Kind { get; }

    internal Func<Exception> MakeException { get; }

    internal Func<TimeProvider, CancellationToken, Task>? First { get; }

    /// <summary>Nothing happens, and the call fails.</summary>
    /// <param name="exception">Makes what is thrown; by default an <see cref="IOException"/>.</param>
    public static Fault Failing(Func<Exception>? exception = null) => new(FaultKind.Failing, exception);

    /// <summary>It happens, and the call fails all the same: whoever called does not know.</summary>
    /// <param name="exception">Makes what is thrown; by default an <see cref="IOException"/>.</param>
    public static Fault LosingAnswer(Func<Exception>? exception = null) => new(FaultKind.LosingAnswer, exception);

    /// <summary>Half the bytes are read or written, and the call fails.</summary>
    /// <param name="exception">Makes what is thrown; by default an <see cref="IOException"/>.</param>
    public static Fault Tearing(Func<Exception>? exception = null) => new(FaultKind.Tearing, exception);

    /// <summary>A bit in the middle of the bytes is turned.</summary>
    public static Fault Corrupting() => new(FaultKind.Corrupting);

    /// <summary>It happens later, by the plan's clock.</summary>
    public static Fault Delaying(TimeSpan by) =>
        new(FaultKind.Waiting, null, (time, cancellationToken) => Task.Delay(by, time, cancellationToken));

    /// <summary>Something else happens first: somebody is quicker, or a test holds the call up with a task that it ends later. What that throws comes out of the call.</summary>
    public static Fault After(Func<Task> first) => new(FaultKind.Waiting, null, (_, cancellationToken) => first().WaitAsync(cancellationToken));
}
