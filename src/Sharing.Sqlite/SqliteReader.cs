using Microsoft.Data.Sqlite;

namespace Sharing.Sqlite;

// One read-only connection with its statements. Not thread-safe.
sealed class SqliteReader : IDisposable
{
    const int PageBytes = 1 << 20;

    readonly SqliteConnection _connection;
    readonly SqliteCommand _get, _from, _after;

    public SqliteReader(SqliteConnection connection)
    {
        const string Columns = "SELECT key, version, CAST(json AS BLOB) FROM records";
        _connection = connection;
        _get = SqliteDatabase.Prepare(connection, $"{Columns} WHERE key = @key", "@key");
        _from = SqliteDatabase.Prepare(connection, $"{Columns} WHERE key >= @from AND key < @to ORDER BY key LIMIT @most", "@from", "@to", "@most");
        _after = SqliteDatabase.Prepare(connection, $"{Columns} WHERE key > @from AND key < @to ORDER BY key LIMIT @most", "@from", "@to", "@most");
    }

    public Record? Get(RecordKey key)
    {
        _get.Parameters[0].Value = key.Value;
        using var rows = _get.ExecuteReader();
        return rows.Read() ? Read(rows) : null;
    }

    // A page ends early when its values are large: no more than about a mebibyte is held for whoever scans.
    public (List<Record> Records, bool More) Page(Span span, int most)
    {
        var command = span.Exclusive ? _after : _from;
        command.Parameters[0].Value = span.From;
        command.Parameters[1].Value = span.To;
        command.Parameters[2].Value = most;
        List<Record> page = [];
        using var rows = command.ExecuteReader();
        for (var bytes = 0; page.Count < most && rows.Read();)
        {
            page.Add(Read(rows));
            if ((bytes += page[^1].Json.Length) >= PageBytes)
            {
                return (page, true);
            }
        }

        return (page, page.Count == most);
    }

    public void Dispose()
    {
        _get.Dispose();
        _from.Dispose();
        _after.Dispose();
        _connection.Dispose();
    }

    static Record Read(SqliteDataReader row) => new(RecordKey.FromStored(row.GetString(0)), row.GetFieldValue<byte[]>(2), row.GetInt64(1));

    public IReadOnlyList<string> Check()
    {
        using var check = SqliteDatabase.Prepare(_connection, "PRAGMA integrity_check");
        using var rows = check.ExecuteReader();
        List<string> found = [];
        while (rows.Read())
        {
            found.Add(rows.GetString(0));
        }

        return found is ["ok"] ? [] : found;
    }

    // SQLite's text parameters end at a NUL, so "just behind this key", which a range writes as key + NUL, is said by > instead.
    public readonly record struct Span(string From, bool Exclusive, string To)
    {
        public static Span Of(RecordRange range) => range.From.EndsWith('\0')
            ? new(range.From[..^1], true, range.To)
            : new(range.From, false, range.To);

        public Span After(RecordKey key) => new(key.Value, true, To);
    }
}
