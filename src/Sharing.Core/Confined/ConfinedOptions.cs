namespace Sharing.Core;

/// <summary>How much a confined program may take. Checked when the host starts.</summary>
/// <remarks>The limits of the processor, memory and files are the kernel's own for a process (setrlimit), which need no rights; they hold for each process, and
/// <see cref="Processes"/> says how many there are. Groups of processes (cgroups) would need rights that a host seldom has.</remarks>
public sealed class ConfinedOptions
{
    /// <summary>Memory of a process in bytes: both what it may address and what it may write to. A program that reserves far more than it uses needs more.</summary>
    public long MemoryBytes { get; set; } = 1L << 30;

    /// <summary>Processor time of a process; whole seconds.</summary>
    public TimeSpan CpuTime { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a run may take from its start to its last byte.</summary>
    public TimeSpan WallTime { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Bytes of the result; no other file of the program grows beyond it either.</summary>
    public long OutputBytes { get; set; } = 64L << 20;

    /// <summary>Bytes of its folder, in memory: what it is given, its result and whatever it writes between.</summary>
    public long ScratchBytes { get; set; } = 256L << 20;

    /// <summary>Processes and threads at once.</summary>
    public int Processes { get; set; } = 32;

    /// <summary>Open files of a process.</summary>
    public int OpenFiles { get; set; } = 64;

    /// <summary>How much is kept of what it prints, in bytes; the rest is read and dropped.</summary>
    public int LogBytes { get; set; } = 16 * 1024;

    /// <summary>Lets programs run unconfined where they cannot be confined: with the limits, but with every file and network address of this host in
    /// their reach. Off, such a host refuses to run them.</summary>
    public bool AllowUnconfined { get; set; }
}
