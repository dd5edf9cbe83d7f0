using Microsoft.Data.Sqlite;

namespace Sharing.Sqlite;

// One read-only connection with its statements. Not thread-safe.
sealed class SqliteReader : IDisposable
{
    const int PageBytes = 1 << 20;

    readonly SqliteConnection _connection;
    readonly SqliteCommand _get, _page;
    readonly Lock _turn;

    public SqliteReader(SqliteConnection connection, Lock turn)
    {
        _turn = turn;
        const string Columns = "SELECT key, version, CAST(json AS BLOB) FROM records";
        _connection = connection;
        _get = SqliteDatabase.Prepare(connection, $"{Columns} WHERE key = @key", "@key");
        _page = SqliteDatabase.Prepare(connection, $"{Columns} WHERE key >= @from AND key < @to ORDER BY key LIMIT @most", "@from", "@to", "@most");
    }

    public Record? Get(RecordKey key)
    {
        _get.Parameters[0].Value = key.Value;
        using var rows = Begin(_get);
        return rows.Read() ? Read(rows) : null;
    }

    // A page ends early when its values are large: no more than about a mebibyte is held for whoever scans.
    public (List<Record> Records, bool More) Page(Span span, int most)
    {
        _page.Parameters[0].Value = span.From;
        _page.Parameters[1].Value = span.To;
        _page.Parameters[2].Value = most;
        List<Record> page = [];
        using var rows = Begin(_page);
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

    // Whole, however large its values are.
    public List<Record> Head(Span span, int most)
    {
        var (head, more) = Page(span, most);
        while (more && head.Count < most)
        {
            (var next, more) = Page(span.After(head[^1].Key), most - head.Count);
            head.AddRange(next);
        }

        return head;
    }

    public void Dispose()
    {
        _get.Dispose();
        _page.Dispose();
        _connection.Dispose();
    }

    // The first step chooses what is seen, as the writer's BEGIN does. Those who choose at once keep each other from it, try again, and after some tries sleep, which builds of
    // SQLite without usleep do for a whole second: so they choose one after the other.
    SqliteDataReader Begin(SqliteCommand command)
    {
        lock (_turn)
        {
            return command.ExecuteReader();
        }
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

    // SQLite's text parameters end at a NUL, and a range writes "just behind this key" as key + NUL. No key has a character below the space.
    public readonly record struct Span(string From, string To)
    {
        public static Span Of(RecordRange range) => new(Bound(range.From), Bound(range.To));

        public Span After(RecordKey key) => this with { From = Bound(key.Value + '\0') };

        static string Bound(string key) => key.EndsWith('\0') ? string.Concat(key.AsSpan(0, key.Length - 1), "\u0001") : key;
    }
}
