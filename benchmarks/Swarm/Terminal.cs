using Sharing.Core;
using Sharing.P2P;

namespace Sharing.Swarm;

/// <summary>A terminal: the product's own board over what is there, and what is under way.</summary>
sealed class Terminal : IGroupsHere
{
    public Terminal(int host, long bytes, Scenario scenario, VirtualTime time, SwarmMember member, int random)
    {
        (Host, Length, Member, Joined) = (host, bytes, member, time.Now);
        Roster = new([], mayCome: true, new());
        Board = new(this, Roster, new CheapestSourceSelector(), scenario.Options.ChunkSizeOf(bytes), new Random(random), time);
    }

    public int Host { get; }

    public SwarmMember Member { get; }

    /// <summary>Who is asked for what; none once all is there.</summary>
    public ChunkBoard? Board { get; private set; }

    public SourceRoster Roster { get; }

    public Acquaintances Known { get; } = new();

    /// <summary>The host behind each of the roster's slots.</summary>
    public List<int> Links { get; } = [];

    /// <summary>Who hears what comes here, and as which of his sources.</summary>
    public List<(Terminal Terminal, int Link)> Watchers { get; } = [];

    /// <summary>All its sources will be looked at soon.</summary>
    public bool IsWoken { get; set; }

    /// <summary>What is asked for, as transfers of the network.</summary>
    public List<int> Reads { get; } = [];

    public long? Length { get; }

    public bool Proofs { get; set; }

    /// <summary>Which of its links it asks for them next.</summary>
    public int NextList { get; set; } = 1;

    /// <summary>When it last asked a terminal for them.</summary>
    public double Adopting { get; set; } = double.NegativeInfinity;

    public Bitfield Have { get; } = new();

    public int Layout => 0;

    public double Joined { get; }

    /// <summary>When it was last told of bytes.</summary>
    public double Counted { get; set; }

    /// <summary>When all was there; NaN: it is not.</summary>
    public double Done { get; private set; } = double.NaN;

    public bool HasLeft { get; set; }

    /// <summary>What came, in bytes of content; more than the content's length is waste.</summary>
    public double Received { get; set; }

    public double Wasted { get; set; }

    /// <summary>All is there: it only gives from now on.</summary>
    public void Finish(double now)
    {
        (Done, Board) = (now, null);
        Roster.Slots.Clear();
    }
}
