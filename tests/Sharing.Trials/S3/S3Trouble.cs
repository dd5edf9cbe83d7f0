namespace Sharing.Trials.S3;

/// <summary>What happens to an S3 store, or to a host.</summary>
enum S3Trouble
{
    /// <summary>It answers 503 SlowDown.</summary>
    Unavailable,

    /// <summary>It does what was asked, and the connection ends before the answer.</summary>
    AnswerLost,

    /// <summary>It does what was asked, and never answers.</summary>
    NeverAnswers,

    /// <summary>It answers 200 to the end of an upload in parts, with an error inside; it may have done it or not.</summary>
    ErrorInside,

    /// <summary>It puts an upload in parts together without one of them, and says that all is well.</summary>
    PartLost,

    /// <summary>Its lists are old.</summary>
    StaleList,

    /// <summary>It answers 412 to writes.</summary>
    Precondition,

    /// <summary>It finds that the client's clock is wrong.</summary>
    ClockSkew,

    /// <summary>What is read ends in the middle.</summary>
    CutOff,

    /// <summary>One of the hosts ends without a word, in the middle of whatever it does.</summary>
    HostDies,
}
