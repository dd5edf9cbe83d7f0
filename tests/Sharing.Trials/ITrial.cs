namespace Sharing.Trials;

/// <summary>Something tried many times with seeded chance. A class with a constructor without parameters is found by itself: one file each.</summary>
interface ITrial
{
    /// <summary>Its name on the command line, and of its results file.</summary>
    string Name { get; }

    /// <summary>How many trials make a full run.</summary>
    int Count { get; }

    /// <summary>Tries once. An exception is a failure, too.</summary>
    /// <param name="trial">From 0.</param>
    /// <param name="random">The trial's own chance: the same for the same seed and number.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<TrialOutcome> RunAsync(int trial, Random random, CancellationToken cancellationToken);
}
