namespace Sharing.Testing;

/// <summary>How a request goes wrong.</summary>
public enum NetworkFaultKind
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>The connection breaks before anything is passed on.</summary>
    LostRequest,

    /// <summary>It is passed on, and the reply is not.</summary>
    LostReply,

    /// <summary>Nothing is passed on or answered.</summary>
    HalfOpen,

    /// <summary>It is passed on twice; the reply is the first.</summary>
    Duplicate,

    /// <summary>It is not passed on, and something else is answered.</summary>
    Answers,
}
