namespace Sharing.Core;

/// <summary>The named moments between two changes of what is durable, told to a listener: tests that end the process there, hold it up or let it
/// fail. Costs next to nothing while nobody listens. Thread-safe.</summary>
public static class Step
{
    static readonly AsyncLocal<Action<string>?> s_listener = new();
    static int s_listeners;

    /// <summary>For authors of systems: says that a step was reached.</summary>
    /// <param name="name">"operation.step", a literal: the names in the sources are held against the list of those that were tried.</param>
    public static void Reached(string name)
    {
        if (Volatile.Read(ref s_listeners) > 0)
        {
            s_listener.Value?.Invoke(name);
        }
    }

    /// <summary>Listens to the steps of everything that is begun from here on, in this flow of control and those that it starts.</summary>
    /// <param name="listener">Called with the step's name on the thread that got there, before it goes on; several at once if several work. What it
    /// throws comes out of the operation.</param>
    /// <returns>Ends it, for what is begun afterwards.</returns>
    public static IDisposable Listen(Action<string> listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        Interlocked.Increment(ref s_listeners);
        var before = s_listener.Value;
        s_listener.Value = listener;
        return new Listening(before);
    }

    sealed class Listening(Action<string>? before) : IDisposable
    {
        int _ended;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0)
            {
                s_listener.Value = before;
                Interlocked.Decrement(ref s_listeners);
            }
        }
    }
}
