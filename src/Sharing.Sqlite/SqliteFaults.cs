using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Sharing.Sqlite;

// What SQLite's error codes mean for whoever commits.
static class SqliteFaults
{
    const int SyncFailed = raw.SQLITE_IOERR | (4 << 8);
    const int FolderSyncFailed = raw.SQLITE_IOERR | (5 << 8);
    const int SharedMemoryNotGrown = raw.SQLITE_IOERR | (19 << 8);

    public static bool IsFull(Exception exception) =>
        exception is SqliteException { SqliteErrorCode: raw.SQLITE_FULL } or SqliteException { SqliteExtendedErrorCode: SharedMemoryNotGrown };

    public static bool IsFailedSync(Exception exception) =>
        exception is SqliteException { SqliteExtendedErrorCode: SyncFailed or FolderSyncFailed };

    // The others of the transaction may go on: the fault is in the values, not in the database.
    public static bool ConcernsOneBatch(Exception exception) => exception is not SqliteException sqlite
        || sqlite.SqliteErrorCode is raw.SQLITE_CONSTRAINT or raw.SQLITE_TOOBIG or raw.SQLITE_MISMATCH or raw.SQLITE_RANGE;

    public static Exception Told(Exception exception) => exception switch
    {
        _ when IsFull(exception) => new SharingException(ProblemCodes.NoSpace, "There is no room left for the records.", exception),
        _ when IsFailedSync(exception) => ReadOnly(exception),
        SqliteException { SqliteErrorCode: raw.SQLITE_READONLY } locked =>
            new SharingException(ProblemCodes.ReadOnly, "The records cannot be written to.", locked),
        _ => exception,
    };

    public static SharingException ReadOnly(Exception cause) => new(ProblemCodes.ReadOnly,
        "The records take no more changes since a write to the disk failed. Look after the disk and start anew.", cause);
}
