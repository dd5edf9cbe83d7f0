using Sharing.Core;
using Sharing.P2P;

namespace Sharing.Swarm;

/// <summary>A transfer on the wire: an answer to one request.</summary>
struct Flow
{
    public int From;
    public int To;

    /// <summary>Which of the receiver's sources it is.</summary>
    public int Link;

    /// <summary>What was asked for; none: the proofs.</summary>
    public Assignment? Read;

    /// <summary>What may come instead.</summary>
    public List<ByteRun>? Choice;

    /// <summary>What the server gives because no terminal has it.</summary>
    public FirstCopy? Copy;

    /// <summary>The sender's upload slot.</summary>
    public IDisposable? Slot;

    /// <summary>Cancelled where the receiver does not want it any more.</summary>
    public CancellationTokenSource? Reading;

    public double Bytes;
    public double Left;

    /// <summary>What its receiver was told of.</summary>
    public double Told;
    public double Rate;

    /// <summary>Until when <see cref="Left"/> is counted.</summary>
    public double Counted;

    /// <summary>When it is looked at next.</summary>
    public double Due;

    /// <summary>Tells its newest <see cref="What.Due"/> from older ones.</summary>
    public int Version;
    public bool IsOpen;
    public int NextUp;
    public int LastUp;
    public int NextDown;
    public int LastDown;
}
