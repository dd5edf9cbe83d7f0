namespace Sharing.Benchmarks;

/// <summary>The same work done by us and by tools that people know. A class with a constructor without parameters is found by itself.</summary>
abstract class Comparison
{
    /// <summary>Its name on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>What is done, on how much, against what.</summary>
    public abstract string About { get; }

    /// <summary>The ratio that is to be reached.</summary>
    public abstract double Target { get; }

    /// <summary>Who does the work, run in turns.</summary>
    public abstract IReadOnlyList<(string Name, Func<Task<Cost>> Run)> Sides { get; }

    /// <summary>How many of the ratios, the first ones, are to be reached: the smallest of their medians is told.</summary>
    public virtual int Judged => 1;

    /// <summary>What comes out of one round, by name; the first is the one that counts (<see cref="Judged"/>). Above 1 we are better.</summary>
    public abstract IEnumerable<(string Name, double Value)> Ratios(IReadOnlyDictionary<string, Cost> round);

    /// <summary>What is said below: command lines, settings.</summary>
    public virtual IReadOnlyList<string> Notes => [];

    /// <summary>Makes the files and starts the servers.</summary>
    public abstract Task PrepareAsync(string folder, bool quick);

    /// <summary>Ends the servers.</summary>
    public virtual ValueTask EndAsync() => default;
}
