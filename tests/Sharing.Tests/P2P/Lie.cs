namespace Sharing.Tests.P2P;

/// <summary>The ways in which a terminal may lie.</summary>
public enum Lie
{
    /// <summary>Every byte is another.</summary>
    WrongBytes,

    /// <summary>The bytes of another place.</summary>
    OtherPlace,

    /// <summary>The bytes of another content, all of them right there.</summary>
    OtherContent,

    /// <summary>Right for some groups, and then wrong.</summary>
    TurnsBad,

    /// <summary>Fewer bytes than it says.</summary>
    TooShort,

    /// <summary>Bytes without end, wrong from the first.</summary>
    Endless,

    /// <summary>Another range than was asked for.</summary>
    OtherRange,

    /// <summary>The right range of a content of another length, with other bytes.</summary>
    OtherTotal,

    /// <summary>All of it, with the status of all, where a part was asked for.</summary>
    Whole,

    /// <summary>The same answer, whatever is asked.</summary>
    Replayed,

    /// <summary>Says that the bytes are packed.</summary>
    Packed,

    /// <summary>Nothing, after it said that it has all.</summary>
    Nothing,

    /// <summary>It takes the question and is silent.</summary>
    Silent,

    /// <summary>It begins to answer and is silent.</summary>
    SilentAfterHeaders,

    /// <summary>A byte now and then.</summary>
    Drip,

    /// <summary>It leads elsewhere.</summary>
    Redirect,

    /// <summary>Headers without end.</summary>
    HugeHeader,

    /// <summary>Something that is no HTTP.</summary>
    Garbage,

    /// <summary>It hangs up.</summary>
    ClosesAtOnce,

    /// <summary>A thousand times a thousand times that it has something.</summary>
    Flood,

    /// <summary>An event that does not end.</summary>
    EndlessEvent,

    /// <summary>Events in which nothing can be read.</summary>
    BrokenEvents,

    /// <summary>The list of group hashes of another content; and wrong bytes that fit it.</summary>
    OtherProofs,

    /// <summary>A list of group hashes that is too short.</summary>
    ShortProofs,

    /// <summary>A list of group hashes that does not end.</summary>
    EndlessProofs,
}
