using System.Globalization;

namespace Sharing.Testing;

/// <summary>Runs asynchronous actors in turns, one at a time, from step to step, and tries every order of the turns: races without chance.</summary>
/// <remarks>
/// <para>A course is a test: it makes its subject, runs its actors with <see cref="RunAsync"/>, and looks at what came out. It is called once for each order, so all that it
/// uses must be its own, and nothing in it may depend on chance or time. Between two steps an actor runs alone; whatever others do at once must meet at a step. Steps are
/// calls of <see cref="StepAsync"/>, by the actor itself or by what it calls: <see cref="FaultPlan.Visit"/> makes every call of a wrapper one.</para>
/// <para>An actor must not wait for another in any way but by its steps, e.g. for a lock that the other holds: that is said after 10 seconds.</para>
/// <para>The number of orders grows fast: (a+b)!/(a! b!) for two actors of a and b steps.</para>
/// </remarks>
public sealed class Interleaving
{
    const string Digits = "0123456789abcdefghijklmnopqrstuvwxyz";

    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    readonly AsyncLocal<Actor?> _current = new();
    readonly Func<int, int> _choose;
    readonly List<(int Choice, int Of)> _choices = [];
    readonly List<string> _turns = [];

    Interleaving(Func<int, int> choose) => _choose = choose;

    string Schedule => string.Concat(_choices.Select(choice => Digits[choice.Choice]));

    /// <summary>Runs a course in every order.</summary>
    /// <param name="course">The course.</param>
    /// <param name="most">How many orders there may be.</param>
    /// <param name="cancellationToken">Gives up between two runs.</param>
    /// <returns>How many there were.</returns>
    /// <exception cref="InterleavingException">It failed; the first order in which it did.</exception>
    /// <exception cref="InvalidOperationException">There are more than <paramref name="most"/>.</exception>
    public static async Task<int> AllAsync(Func<Interleaving, Task> course, int most = 100_000, CancellationToken cancellationToken = default)
    {
        int[] prefix = [];
        for (var runs = 1; runs <= most; runs++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (at, given) = (0, prefix);
            var run = await RunOnceAsync(course, _ => at < given.Length ? given[at++] : 0, runs);
            var last = run._choices.FindLastIndex(choice => choice.Choice + 1 < choice.Of);
            if (last < 0)
            {
                return runs;
            }

            prefix = [.. run._choices.Take(last).Select(choice => choice.Choice), run._choices[last].Choice + 1];
        }

        throw new InvalidOperationException($"There are more than {most} orders. Let the actors have fewer steps, or sample.");
    }

    /// <summary>Runs a course in some orders, chosen by chance.</summary>
    /// <param name="course">The course.</param>
    /// <param name="count">How many.</param>
    /// <param name="seed">The same seed, the same orders.</param>
    /// <param name="cancellationToken">Gives up between two runs.</param>
    /// <exception cref="InterleavingException">It failed; the first order in which it did.</exception>
    public static async Task SampleAsync(Func<Interleaving, Task> course, int count, int seed, CancellationToken cancellationToken = default)
    {
        for (var run = 1; run <= count; run++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var random = new Random(unchecked((seed * 1_000_003) + run));
            await RunOnceAsync(course, random.Next, run);
        }
    }

    /// <summary>Runs a course in the order that an <see cref="InterleavingException"/> told.</summary>
    /// <exception cref="InterleavingException">It failed again.</exception>
    public static Task ReplayAsync(Func<Interleaving, Task> course, string schedule)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        var at = 0;
        return RunOnceAsync(course, _ => at < schedule.Length ? Digits.IndexOf(schedule[at++], StringComparison.Ordinal) : 0, 1);
    }

    /// <summary>For a course: runs actors in turns until all have ended. One after the other if called again.</summary>
    /// <param name="actors">Their names and what they do; at most 36.</param>
    public async Task RunAsync(params (string Name, Func<Task> Act)[] actors)
    {
        ArgumentNullException.ThrowIfNull(actors);
        var left = actors.Select(actor => new Actor(actor.Name)).ToList();
        foreach (var (actor, (_, act)) in left.Zip(actors))
        {
            _ = PlayAsync(actor, act);
        }

        try
        {
            while (left.Count > 0)
            {
                var actor = left[Choose(left.Count)];
                _turns.Add($"{actor.Name}: {actor.Next}");
                if (!await actor.TurnAsync())
                {
                    left.Remove(actor);
                }
            }
        }
        finally
        {
            left.ForEach(actor => actor.GiveUp());
        }
    }

    /// <summary>For an actor, and all that it calls: a moment at which others may have their turns. Anywhere else nothing happens.</summary>
    /// <param name="name">What comes next; shown in the order that failed.</param>
    public Task StepAsync(string name) => _current.Value?.PauseAsync(name) ?? Task.CompletedTask;

    static async Task<Interleaving> RunOnceAsync(Func<Interleaving, Task> course, Func<int, int> choose, int number)
    {
        var run = new Interleaving(choose);
        try
        {
            await course(run);
            return run;
        }
        catch (Exception fault)
        {
            throw new InterleavingException(run.Schedule, run._turns, number, fault);
        }
    }

    async Task PlayAsync(Actor actor, Func<Task> act)
    {
        _current.Value = actor;
        Exception? fault = null;
        try
        {
            await actor.PauseAsync("begin");
            await act();
        }
        catch (Exception e)
        {
            fault = e;
        }

        actor.End(fault);
    }

    int Choose(int of)
    {
        if (of == 1)
        {
            return 0;
        }

        var choice = _choose(of);
        if (choice < 0 || choice >= of)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"The schedule does not fit: choice {choice} of {of}."));
        }

        _choices.Add((choice, of));
        return choice;
    }

    sealed class Actor(string name)
    {
        readonly Lock _lock = new();
        TaskCompletionSource? _paused;
        TaskCompletionSource<bool> _turn = New<bool>();
        bool _givenUp;

        public string Name => name;

        /// <summary>What it stands before.</summary>
        public string Next { get; private set; } = "";

        public Task PauseAsync(string next)
        {
            lock (_lock)
            {
                if (_givenUp)
                {
                    throw new OperationCanceledException("The course is over.");
                }

                if (_paused is not null)
                {
                    throw new InvalidOperationException($"The actor '{name}' is at '{Next}' already when it comes to '{next}': it does several things at once.");
                }

                (_paused, Next) = (New(), next);
                _turn.TrySetResult(true);
                return _paused.Task;
            }
        }

        public void End(Exception? fault)
        {
            lock (_lock)
            {
                if (fault is null)
                {
                    _turn.TrySetResult(false);
                }
                else
                {
                    _turn.TrySetException(fault);
                }
            }
        }

        /// <summary>Lets it go on to its next step.</summary>
        /// <returns>Whether there is one: else it has ended.</returns>
        public async Task<bool> TurnAsync()
        {
            Task<bool> turn;
            lock (_lock)
            {
                var paused = _paused!;
                (_paused, _turn) = (null, New<bool>());
                turn = _turn.Task;
                paused.TrySetResult();
            }

            try
            {
                return await turn.WaitAsync(s_patience, TimeProvider.System);
            }
            catch (TimeoutException late)
            {
                throw new InvalidOperationException($"The actor '{name}' came from '{Next}' to no further step and has not ended: it waits for something but its turn.", late);
            }
        }

        /// <summary>Ends it where it stands.</summary>
        public void GiveUp()
        {
            lock (_lock)
            {
                _givenUp = true;
                _paused?.TrySetException(new OperationCanceledException("The course is over."));
            }
        }

        static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

        static TaskCompletionSource<T> New<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
