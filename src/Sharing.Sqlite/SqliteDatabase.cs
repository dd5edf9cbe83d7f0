using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Sharing.Sqlite;

// Opens connections, and lays out the tables.
static class SqliteDatabase
{
    const long Schema = 1;

    public static SqliteConnection OpenWriter(SqliteOptions options, string path)
    {
        RefuseNetwork(path, KindOf(Path.GetDirectoryName(Path.GetFullPath(path))!));
        var connection = Open(path, SqliteOpenMode.ReadWriteCreate);
        try
        {
            RefuseNewer(connection, path);
            if (Scalar(connection, "PRAGMA journal_mode = WAL") as string is not "wal" and var mode)
            {
                throw new SharingException(ProblemCodes.ReadOnly, $"The database '{path}' lies where SQLite can keep no write-ahead log (journal mode {mode}).");
            }

            // FULL: NORMAL would lose the last commits in a power cut. The last two are for macOS, whose fsync does not reach the disk.
            // The log is folded at 16 MiB, not at 4: a page that changes often is copied less often.
            // What is deleted is overwritten: nobody finds it in a copy of the file.
            Execute(connection, "PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON; PRAGMA busy_timeout = 5000; PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384; PRAGMA wal_autocheckpoint = 4096");
            if (options.MaxLength is { } length)
            {
                var pageSize = (long)Scalar(connection, "PRAGMA page_size")!;
                Execute(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA max_page_count = {Math.Max(1, length / pageSize)}"));
            }

            LayOut(connection);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Refuses a file system of another machine, where neither the locks nor the shared memory of a write-ahead log hold
    /// (SQLite, "Use of a database on a network").</summary>
    /// <param name="path">The database.</param>
    /// <param name="kind">The kind of disk that it lies on.</param>
    internal static void RefuseNetwork(string path, DriveType kind)
    {
        if (kind == DriveType.Network)
        {
            throw new SharingException(ProblemCodes.ReadOnly, $"The database '{path}' lies on another machine's disk; it needs one of this machine.");
        }
    }

    internal static DriveType KindOf(string folder)
    {
        try
        {
            return new DriveInfo(folder).DriveType;
        }
        catch (ArgumentException)
        {
            return DriveType.Network; // \\server\share has no drive
        }
    }

    public static SqliteConnection OpenReader(string path) => Open(path, SqliteOpenMode.ReadOnly);

    public static SqliteCommand Prepare(SqliteConnection connection, string sql, params ReadOnlySpan<string> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = parameter });
        }

        return command;
    }

    static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        // No pooling: a connection closed must be closed, and the writer last of all.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ToString());
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    static void RefuseNewer(SqliteConnection connection, string path)
    {
        if (Scalar(connection, "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'meta'") is null)
        {
            return;
        }

        if (Scalar(connection, "SELECT value FROM meta WHERE name = 'schema'") is long schema and > Schema)
        {
            throw new SharingException(ProblemCodes.Conflict,
                $"The database '{path}' has schema {schema}, written by a newer version of Sharing; this one knows schemas up to {Schema}. Update it.");
        }
    }

    static void LayOut(SqliteConnection connection) => Execute(connection, $"""
        BEGIN IMMEDIATE;
        CREATE TABLE IF NOT EXISTS meta (name TEXT NOT NULL PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS records (
            key TEXT NOT NULL PRIMARY KEY COLLATE BINARY, kind TEXT NOT NULL, version INTEGER NOT NULL, json TEXT NOT NULL) WITHOUT ROWID;
        INSERT INTO meta (name, value) VALUES ('schema', {Schema}), ('version', 0) ON CONFLICT DO NOTHING;
        COMMIT;
        """);

    static object? Scalar(SqliteConnection connection, string sql)
    {
        using var command = Prepare(connection, sql);
        return command.ExecuteScalar();
    }

    static void Execute(SqliteConnection connection, string sql)
    {
        using var command = Prepare(connection, sql);
        command.ExecuteNonQuery();
    }
}
