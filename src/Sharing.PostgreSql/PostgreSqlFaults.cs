using Npgsql;

namespace Sharing.PostgreSql;

/// <summary>What PostgreSQL's errors mean for whoever reads or commits (PostgreSQL, appendix A).</summary>
static class PostgreSqlFaults
{
    /// <summary>Whether the server is away for a moment, or undid what it was doing: the same may be asked again.</summary>
    public static bool MayPass(Exception? exception) => exception switch
    {
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => false,
        PostgresException { SqlState: PostgresErrorCodes.OutOfMemory } => true, // of the shared memory for locks: what it was doing is undone
        PostgresException server => server.IsTransient || server.SqlState.StartsWith("57P", StringComparison.Ordinal) || server.SqlState.StartsWith("08", StringComparison.Ordinal),
        NpgsqlException { InnerException: TimeoutException } => false, // it was waited for long enough
        NpgsqlException npgsql => npgsql.IsTransient || npgsql.InnerException is IOException or System.Net.Sockets.SocketException,
        _ => false,
    };

    /// <summary>Whether the server has said that nothing of it happened, and the session goes on.</summary>
    public static bool IsUndone(PostgresException fault) =>
        fault.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected || fault.SqlState.StartsWith("53", StringComparison.Ordinal);

    public static Exception Told(Exception exception) => exception switch
    {
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => new SharingException(ProblemCodes.NoSpace, "There is no room left for the records.", exception),
        PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } => new SharingException(ProblemCodes.ReadOnly, "The records cannot be written to.", exception),
        _ when MayPass(exception) || exception is TimeoutException or NpgsqlException { InnerException: TimeoutException } or PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } =>
            new SharingException(ProblemCodes.Busy, "The records cannot be reached just now; please come again.", exception),
        _ => exception,
    };
}
