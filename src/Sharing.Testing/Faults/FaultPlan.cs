using Sharing.Core;

namespace Sharing.Testing;

/// <summary>What goes wrong where, and when: one plan for all the wrappers of a test (<see cref="FaultyContentStore"/>, <see cref="FaultyRecordStore"/> and the others).
/// The same plan and the same calls give the same faults.</summary>
/// <remarks>
/// <para>Operations are named "seam.operation", e.g. <c>records.commit</c>; each wrapper lists its own. A name that ends in <c>*</c> stands for all that
/// begin alike. Where several planned faults meet in one call the one planned first happens.</para>
/// <para>Thread-safe. A wrapper of a seam of your own calls <see cref="RunAsync{T}"/>.</para>
/// </remarks>
/// <param name="time">The clock of delays; the system's if left out.</param>
public sealed class FaultPlan(TimeProvider? time = null)
{
    readonly TimeProvider _time = time ?? TimeProvider.System;
    readonly Lock _lock = new();
    readonly List<Planned> _planned = [];
    readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>Awaited before each operation with its name, and after it, if it succeeded, with the name and "-done": to look on, or to hold up
    /// (<see cref="Interleaving.StepAsync"/>). What it throws comes out of the operation.</summary>
    public Func<string, Task>? Visit { get; set; }

    /// <summary>What was planned for a certain call and has not happened: a test that ends with something here has not tested it.</summary>
    public IReadOnlyList<string> Unspent
    {
        get
        {
            lock (_lock)
            {
                return [.. _planned.Where(planned => planned is { Chance: null, Happened: 0 }).Select(planned => $"{planned.Operation}: {planned.Fault.Kind}")];
            }
        }
    }

    /// <summary>Plans a fault.</summary>
    /// <param name="operation">Where; may end in <c>*</c>.</param>
    /// <param name="fault">What.</param>
    /// <param name="nth">At the how-manieth of these calls from now on; 1 is the next.</param>
    /// <param name="times">How often; <see cref="int.MaxValue"/> for ever.</param>
    /// <returns>The plan.</returns>
    public FaultPlan Add(string operation, Fault fault, int nth = 1, int times = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(nth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(times, 1);
        return Plan(new() { Operation = operation, Fault = fault, First = nth, Times = times });
    }

    /// <summary>Plans a fault that happens by chance, as often as that comes.</summary>
    /// <param name="operation">Where; may end in <c>*</c>.</param>
    /// <param name="fault">What.</param>
    /// <param name="share">The odds for each call, 0 to 1.</param>
    /// <param name="seed">The same seed, the same faults.</param>
    /// <returns>The plan.</returns>
    public FaultPlan AddByChance(string operation, Fault fault, double share, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(share);
        return Plan(new() { Operation = operation, Fault = fault, First = 1, Times = int.MaxValue, Chance = new(seed), Share = share });
    }

    /// <summary>From here on nothing goes wrong.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _planned.Clear();
        }
    }

    /// <summary>How often an operation was begun, failed or not.</summary>
    public int CountOf(string operation)
    {
        lock (_lock)
        {
            return _counts.GetValueOrDefault(operation);
        }
    }

    /// <summary>Makes the named steps of the code under test (<see cref="Step"/>) operations of this plan, called <c>step.</c> and their name, for everything that is begun
    /// from here on in this flow of control. A step can fail or run something first, blocking its thread; there is nothing in it to lose, to tear or to corrupt.</summary>
    /// <returns>Ends it.</returns>
    public IDisposable ListenToSteps() => Step.Listen(name =>
    {
        if (Take("step." + name) is not { } fault)
        {
            return;
        }

        switch (fault.Kind)
        {
            case FaultKind.Failing: throw fault.MakeException();
            case FaultKind.Waiting: Block(fault.First!(_time, CancellationToken.None)); break;
            default: throw Impossible("step." + name, fault);
        }
    });

    /// <summary>Runs an operation as the plan has it.</summary>
    /// <param name="operation">Its name.</param>
    /// <param name="run">Does it.</param>
    /// <param name="cancellationToken">Ends what comes first.</param>
    /// <param name="tear">Does half of it; <c>null</c>: it cannot be torn.</param>
    /// <param name="corrupt">Does it with a bit turned; <c>null</c>: it has no bytes.</param>
    /// <typeparam name="T">Its result.</typeparam>
    /// <exception cref="InvalidOperationException">The plan wants what cannot happen to this operation.</exception>
    public async ValueTask<T> RunAsync<T>(
        string operation, Func<ValueTask<T>> run, CancellationToken cancellationToken, Func<ValueTask<T>>? tear = null, Func<ValueTask<T>>? corrupt = null)
    {
        await (Visit?.Invoke(operation) ?? Task.CompletedTask);
        var fault = Take(operation);
        if (fault?.First is { } first)
        {
            await first(_time, cancellationToken);
        }

        T result;
        switch (fault?.Kind)
        {
            case FaultKind.Failing:
                throw fault.MakeException();
            case FaultKind.LosingAnswer:
                await run();
                throw fault.MakeException();
            case FaultKind.Tearing:
                await (tear ?? throw Impossible(operation, fault))();
                throw fault.MakeException();
            case FaultKind.Corrupting:
                result = await (corrupt ?? throw Impossible(operation, fault))();
                break;
            default:
                result = await run();
                break;
        }

        await (Visit?.Invoke(operation + "-done") ?? Task.CompletedTask);
        return result;
    }

    /// <summary>Runs an operation without a result as the plan has it.</summary>
    internal async ValueTask RunAsync(
        string operation, Func<ValueTask> run, CancellationToken cancellationToken, Func<ValueTask>? tear = null, Func<ValueTask>? corrupt = null)
    {
        await RunAsync(operation, () => NothingAsync(run), cancellationToken, tear is null ? null : () => NothingAsync(tear), corrupt is null ? null : () => NothingAsync(corrupt));

        static async ValueTask<bool> NothingAsync(Func<ValueTask> run)
        {
            await run();
            return true;
        }
    }

    internal static void Turn(Span<byte> bytes)
    {
        if (!bytes.IsEmpty)
        {
            bytes[bytes.Length / 2] ^= 0x10;
        }
    }

#pragma warning disable VSTHRD002 // a step is not asynchronous: who stands at it holds its thread
    static void Block(Task task) => task.GetAwaiter().GetResult();
#pragma warning restore VSTHRD002

    static InvalidOperationException Impossible(string operation, Fault fault) => new($"The plan is wrong: {fault.Kind} cannot happen to '{operation}'.");

    FaultPlan Plan(Planned planned)
    {
        ArgumentException.ThrowIfNullOrEmpty(planned.Operation);
        ArgumentNullException.ThrowIfNull(planned.Fault);
        lock (_lock)
        {
            _planned.Add(planned);
        }

        return this;
    }

    Fault? Take(string operation)
    {
        lock (_lock)
        {
            _counts[operation] = _counts.GetValueOrDefault(operation) + 1;
            Fault? taken = null;
            foreach (var planned in _planned)
            {
                if (planned.Meets(operation) && taken is null)
                {
                    planned.Happened++;
                    taken = planned.Fault;
                }
            }

            return taken;
        }
    }

    sealed class Planned
    {
        int _seen;

        public required string Operation { get; init; }

        public required Fault Fault { get; init; }

        public required int First { get; init; }

        public required int Times { get; init; }

        public Random? Chance { get; init; }

        public double Share { get; init; }

        public int Happened { get; set; }

        /// <summary>Counts a call, and says whether this is one of those that were meant.</summary>
        public bool Meets(string operation)
        {
            var named = Operation.EndsWith('*') ? operation.StartsWith(Operation[..^1], StringComparison.Ordinal) : operation == Operation;
            return named && ++_seen >= First && Happened < Times && (Chance is null || Chance.NextDouble() < Share);
        }
    }
}
