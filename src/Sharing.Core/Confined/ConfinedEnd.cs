namespace Sharing.Core;

/// <summary>How a confined run ended.</summary>
public enum ConfinedEnd
{
    /// <summary>With exit code 0, and a result.</summary>
    Finished,

    /// <summary>With another exit code, by a signal, or without a result. A program that gets no more memory, processes or files mostly ends so, too.</summary>
    Crashed,

    /// <summary>It took longer than <see cref="ConfinedOptions.WallTime"/>.</summary>
    TimedOut,

    /// <summary>It took more of the processor than <see cref="ConfinedOptions.CpuTime"/>.</summary>
    CpuTimeReached,

    /// <summary>Its result, or another file, grew beyond <see cref="ConfinedOptions.OutputBytes"/>.</summary>
    OutputBytesReached,

    /// <summary>What it was given has more bytes than <see cref="ConfinedOptions.ScratchBytes"/>.</summary>
    InputTooLarge,
}
