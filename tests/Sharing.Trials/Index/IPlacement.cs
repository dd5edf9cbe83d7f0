namespace Sharing.Trials.Index;

/// <summary>Where the index of a history is.</summary>
interface IPlacement
{
    /// <summary>The stated convergence time, in seconds (docs/formats/swarms.md), and one for the seconds that the history is cut into.</summary>
    int ConvergesWithin { get; }

    /// <summary>How many servers keep it; 0: the terminals do.</summary>
    int Servers { get; }

    /// <summary>What terminals do by themselves in a second.</summary>
    Task SecondAsync(IndexTerminal[] terminals, int now, Func<IndexTerminal, IndexTerminal, bool> reaches, Func<IndexTerminal, int, bool> reachesServer, CancellationToken cancellationToken);

    Task LeaveAsync(IndexTerminal terminal, Func<IndexTerminal, int, bool> reachesServer);

    void Crash(IndexTerminal terminal);

    void CrashServer(int server);

    /// <summary>Whether a terminal knows of somebody who has a chunk, and whom the judge accepts.</summary>
    bool Knows(IndexTerminal terminal, int chunk, Func<int, bool> accepts);
}
