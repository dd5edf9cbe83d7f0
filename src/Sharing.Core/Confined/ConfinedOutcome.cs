namespace Sharing.Core;

/// <summary>What came of a confined run.</summary>
/// <param name="End">How it ended.</param>
/// <param name="ExitCode">The exit code; 128 and the signal's number if a signal ended it; -1 if it was killed from here.</param>
/// <param name="Log">What the program printed, up to <see cref="ConfinedOptions.LogBytes"/>: for the owner's log, written by a stranger.</param>
public sealed record ConfinedOutcome(ConfinedEnd End, int ExitCode, string Log);
