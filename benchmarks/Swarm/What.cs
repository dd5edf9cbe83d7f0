namespace Sharing.Swarm;

/// <summary>What happens at a moment.</summary>
enum What : byte
{
    /// <summary>A terminal comes.</summary>
    Join,

    /// <summary>A terminal goes.</summary>
    Leave,

    /// <summary>A terminal asks for the proofs.</summary>
    AskProofs,

    /// <summary>A terminal announces itself, and learns of others.</summary>
    Announce,

    /// <summary>A terminal hears from now on what another has.</summary>
    Watch,

    /// <summary>A request has reached its source, and its answer begins to come.</summary>
    Open,

    /// <summary>A transfer may be over.</summary>
    Due,

    /// <summary>Those who watch a terminal hear that it has one more chunk.</summary>
    Told,

    /// <summary>A terminal looks again whether somebody is late.</summary>
    Look,

    /// <summary>All sources of a terminal are looked at, because something ended.</summary>
    Woken,

    /// <summary>A source has rested.</summary>
    Rested,

    /// <summary>The links are looked at.</summary>
    Sample,
}
