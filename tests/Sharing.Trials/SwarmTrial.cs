using Sharing.Trials.Swarm;

namespace Sharing.Trials;

/// <summary>A server and terminals, each a process in a network namespace of its own, of which some are killed or cut off while the file is handed on: every survivor has it in the end, bit by bit.</summary>
sealed class SwarmTrial : ITrial
{
    public string Name => "swarm";

    public int Count => 100;

    /// <summary>The assembly of the processes.</summary>
    public string Child { get; init; } = Path.Combine(AppContext.BaseDirectory, "Sharing.Tests.Child.dll");

    public async Task<TrialOutcome> RunAsync(int trial, Random random, CancellationToken cancellationToken)
    {
        var misfortune = (SwarmMisfortune)(trial % Enum.GetValues<SwarmMisfortune>().Length);
        await using var course = new SwarmCourse(Child, misfortune, random);
        return await course.RunAsync(cancellationToken);
    }
}
