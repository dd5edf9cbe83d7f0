namespace Sharing.Trials.PostgreSql;

/// <summary>What happens to the server, or to the sessions with it.</summary>
enum PostgresTrouble
{
    /// <summary>Stopped as an administrator does, and started again.</summary>
    StoppedFast,

    /// <summary>Stopped without a word, as by a power cut, and started again.</summary>
    StoppedImmediately,

    /// <summary>All sessions are ended.</summary>
    SessionsEnded,

    /// <summary>The process of a session is killed: the server starts all of them anew.</summary>
    ProcessKilled,

    /// <summary>Started and stopped some times, as by a supervisor that does not give up.</summary>
    RestartLoop,

    /// <summary>It takes no changes for a while, as a standby that has not been promoted yet.</summary>
    ReadOnly,

    /// <summary>The server gives out fewer connections than are needed, and then those that there are stand still.</summary>
    NoConnectionLeft,

    /// <summary>Others lock rows and give up again, and the database's default is serializable.</summary>
    Serialization,
}
