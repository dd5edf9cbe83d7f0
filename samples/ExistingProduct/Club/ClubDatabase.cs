using Microsoft.Data.Sqlite;

namespace HikingClub;

/// <summary>The club's own database, in its own schema. Nothing in it knows of Sharing.</summary>
sealed class ClubDatabase(ClubSettings club, QueryCounter counter)
{
    const string Schema = """
        CREATE TABLE IF NOT EXISTS member (
            handle   TEXT PRIMARY KEY,
            name     TEXT NOT NULL,
            mail     TEXT,
            password TEXT NOT NULL
        ) WITHOUT ROWID;
        -- One row for each pair of friends; the smaller handle comes first.
        CREATE TABLE IF NOT EXISTS friendship (one TEXT NOT NULL, other TEXT NOT NULL, PRIMARY KEY (one, other)) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS friendship_other ON friendship (other, one);
        CREATE TABLE IF NOT EXISTS following (follower TEXT NOT NULL, followed TEXT NOT NULL, PRIMARY KEY (follower, followed)) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS following_followed ON following (followed, follower);
        CREATE TABLE IF NOT EXISTS tour (
            id     INTEGER PRIMARY KEY,
            leader TEXT NOT NULL,
            title  TEXT NOT NULL,
            day    TEXT NOT NULL,
            km     REAL NOT NULL,
            climb  INTEGER NOT NULL
        );
        """;

    readonly string _connection = new SqliteConnectionStringBuilder { DataSource = Path.Combine(club.Data, "club.db") }.ToString();

    public async Task CreateAsync()
    {
        Directory.CreateDirectory(club.Data);
        await WriteAsync(Schema);
    }

    /// <summary>Asks one question: one statement, whatever the number of its answers.</summary>
    public async Task<List<T>> ReadAsync<T>(
        string sql, Func<SqliteDataReader, T> read, CancellationToken cancellationToken, params (string Name, object? Value)[] parameters)
    {
        counter.Add();
        await using var connection = await OpenAsync(cancellationToken);
        await using var command = CommandOf(connection, sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <summary>Changes something.</summary>
    public async Task<int> WriteAsync(string sql, params (string Name, object? Value)[] parameters)
    {
        await using var connection = await OpenAsync(CancellationToken.None);
        await using var command = CommandOf(connection, sql, parameters);
        return await command.ExecuteNonQueryAsync();
    }

    async Task<SqliteConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(_connection);
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    static SqliteCommand CommandOf(SqliteConnection connection, string sql, (string Name, object? Value)[] parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }

        return command;
    }
}
