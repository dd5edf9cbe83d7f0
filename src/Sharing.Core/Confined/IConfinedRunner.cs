namespace Sharing.Core;

/// <summary>Runs a program that may be hostile, or may be made so by its input: bytes in, bytes out, and nothing else. Thread-safe.</summary>
/// <remarks>What the program can reach is said at <see cref="ConfinedProgram"/>, how much of it at <see cref="ConfinedOptions"/>. However it ends, nothing of it
/// is left running once a call has ended.</remarks>
public interface IConfinedRunner
{
    /// <summary>Runs a program once.</summary>
    /// <param name="program">What to run.</param>
    /// <param name="input">Read to its end, or until the program has ended; the program finds it as the file <see cref="ConfinedProgram.Input"/>. Not disposed.</param>
    /// <param name="output">Takes what the program left in the file <see cref="ConfinedProgram.Output"/>. It counts only if the run finished; after any other
    /// end, drop what came. Not disposed.</param>
    /// <param name="cancellationToken">Kills everything.</param>
    /// <returns>How it ended. A program that fails, breaks a limit or hangs is an answer, not a fault.</returns>
    /// <exception cref="SharingException"><see cref="ProblemCodes.NotConfined"/>: programs cannot be confined here.</exception>
    Task<ConfinedOutcome> RunAsync(ConfinedProgram program, Stream input, Stream output, CancellationToken cancellationToken = default);
}
