namespace Sharing.Core;

/// <summary>What is counted for each person.</summary>
public enum LimitedDoor
{
    /// <summary>Posts.</summary>
    Posts,

    /// <summary>Comments.</summary>
    Comments,

    /// <summary>Resources that the offline library is to fetch.</summary>
    Fetches,

    /// <summary>Mails to addresses that somebody typed in, whose owners are nobody here.</summary>
    MailsToStrangers,

    /// <summary>Receivers of messages.</summary>
    Messages,
}
