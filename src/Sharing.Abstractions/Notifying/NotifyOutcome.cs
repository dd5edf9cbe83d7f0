namespace Sharing;

/// <summary>How an attempt to tell somebody ended.</summary>
public enum NotifyOutcome
{
    /// <summary>It went out.</summary>
    Sent,

    /// <summary>It cannot be sent to this person: there is no address, or it was refused for good.</summary>
    Refused,

    /// <summary>Not now; to be tried again later.</summary>
    Wait,
}
