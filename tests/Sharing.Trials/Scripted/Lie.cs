namespace Sharing.Trials.Scripted;

/// <summary>What an origin says or does on the wire instead of what it was asked for. Its bytes are those of the range it was asked for, if nothing else is said.</summary>
enum Lie
{
    /// <summary>The truth.</summary>
    None,

    /// <summary>It says that the bytes are encoded.</summary>
    Encoded,

    /// <summary>It answers a range with one that begins a group later.</summary>
    OtherStart,

    /// <summary>It says another length of the whole with a range.</summary>
    OtherTotal,

    /// <summary>It says that the range ends sooner than it does.</summary>
    OtherEnd,

    /// <summary>It sends less than the rest, and does not say how much there is in all.</summary>
    PartOfUnknown,

    /// <summary>It says that there is no such range.</summary>
    NotSatisfiable,

    /// <summary>It sends the whole although a range was asked for.</summary>
    Whole,

    /// <summary>It sends a range although the whole was asked for.</summary>
    Part,

    /// <summary>It does not say which version a range is of, and asks nothing of <c>If-Range</c>.</summary>
    NoVersion,

    /// <summary>It is broken.</summary>
    Fault,

    /// <summary>It redirects to another origin with the same bytes under the same entity tag.</summary>
    SameElsewhere,

    /// <summary>It redirects to another origin with other bytes under another entity tag.</summary>
    OtherElsewhere,

    /// <summary>It redirects to another origin with other bytes under the same entity tag: the tags of two origins say nothing of each other.</summary>
    NamesakeElsewhere,
}
