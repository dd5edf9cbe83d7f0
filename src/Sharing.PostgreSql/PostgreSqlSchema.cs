using System.Buffers.Binary;
using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Npgsql;

namespace Sharing.PostgreSql;

/// <summary>Lays the tables out and brings them forward, step by step; hosts that start at once wait for each other. Thread-safe.</summary>
/// <remarks>Each step may only add, as long as a host that knows the step before may still run: the schema carries the oldest host that may use it, and one that is older refuses it.</remarks>
public sealed partial class PostgreSqlSchema
{
    /// <summary>The steps, and for each the oldest host (the number of steps it knows) that may use what it leaves.</summary>
    static readonly (string Script, int OldestHost)[] s_steps = [("001.sql", 1), ("002.sql", 1)];

    readonly string _name;
    readonly int _lock;

    /// <summary>The schema of that name.</summary>
    /// <exception cref="ArgumentException">It is not 1 to 40 lower-case letters, digits and underscores.</exception>
    public PostgreSqlSchema(string name)
    {
        _name = Name().IsMatch(name) ? name : throw new ArgumentException("A schema's name is 1 to 40 lower-case letters, digits and underscores.", nameof(name));
        _lock = BinaryPrimitives.ReadInt32LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes("sharing/" + name)));
    }

    /// <summary>How many steps this version knows.</summary>
    public static int Latest => s_steps.Length;

    internal string Records => $"\"{_name}\".records";

    internal string Commit => $"\"{_name}\".commit_2";

    internal string CommitLooking => $"\"{_name}\".commit_1";

    internal string Marks => $"\"{_name}\".marks";

    internal string Versions => $"\"{_name}\".versions";

    /// <summary>What an administrator runs by hand to bring the schema from a step to the latest; what the hosts then find, they need no rights to make.</summary>
    /// <param name="from">The steps that are there; 0: nothing.</param>
    public string Script(int from = 0) => $"BEGIN;\n{Lock};\nCREATE SCHEMA IF NOT EXISTS \"{_name}\";\n{Steps(from)}COMMIT;\n";

    string Lock => string.Create(CultureInfo.InvariantCulture, $"SELECT pg_advisory_xact_lock({_lock}, 0)");

    string Steps(int from)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        var script = new StringBuilder();
        if (from == 0)
        {
            script.Append(CultureInfo.InvariantCulture, $"""
                CREATE TABLE "{_name}".steps (step int NOT NULL PRIMARY KEY, oldest_host int NOT NULL, taken timestamptz NOT NULL DEFAULT now());

                """);
        }

        for (var step = from + 1; step <= Latest; step++)
        {
            var (name, oldest) = s_steps[step - 1];
            using var text = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!);
            script.Append(text.ReadToEnd().Replace("{schema}", $"\"{_name}\"", StringComparison.Ordinal).Replace("{lock}", _lock.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal))
                .Append(CultureInfo.InvariantCulture, $"INSERT INTO \"{_name}\".steps (step, oldest_host) VALUES ({step}, {oldest});\n");
        }

        return script.ToString();
    }

    /// <summary>The steps that are there, and the oldest host that may use them; 0 and 0: nothing is there.</summary>
    public async Task<(int Step, int OldestHost)> StatusAsync(NpgsqlConnection connection, CancellationToken cancellationToken = default)
    {
        await using var there = connection.CreateCommand();
        there.CommandText = "SELECT 1 FROM pg_tables WHERE schemaname = $1 AND tablename = 'steps'"; // to_regclass may remember that it was not there a moment ago
        there.Parameters.AddWithValue(_name);
        if (await there.ExecuteScalarAsync(cancellationToken) is null)
        {
            return (0, 0);
        }

        await using var status = connection.CreateCommand();
        status.CommandText = $"SELECT coalesce(max(step), 0), coalesce(max(oldest_host), 0) FROM \"{_name}\".steps";
        await using var rows = await status.ExecuteReaderAsync(cancellationToken);
        await rows.ReadAsync(cancellationToken);
        return (rows.GetInt32(0), rows.GetInt32(1));
    }

    /// <summary>Brings the schema to the latest step, all or nothing; does nothing where it is there already.</summary>
    public async Task ApplyAsync(NpgsqlConnection connection, CancellationToken cancellationToken = default)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(Lock);
        var (step, _) = await StatusAsync(connection, cancellationToken);
        if (step < Latest)
        {
            await ExecuteAsync($"""
                DO $$ BEGIN
                    IF NOT EXISTS (SELECT FROM pg_namespace WHERE nspname = '{_name}') THEN
                        CREATE SCHEMA "{_name}"; -- needs a right that whoever finds one may not have
                    END IF;
                END $$
                """);
            await ExecuteAsync(Steps(step));
        }

        await transaction.CommitAsync(cancellationToken);

        async Task ExecuteAsync(string sql)
        {
            await using var command = connection.CreateCommand();
            (command.CommandText, command.Transaction) = (sql, transaction);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>Sees to it that this version can use the database.</summary>
    /// <exception cref="SharingException"><see cref="ProblemCodes.Conflict"/>: it cannot; the message says why, and what to do.</exception>
    internal async Task RequireAsync(NpgsqlConnection connection, bool apply, CancellationToken cancellationToken)
    {
        await RequireAsync(connection, "server_encoding", static value => value == "UTF8", "keeps text as {0}, and must keep it as UTF8", cancellationToken);
        await RequireAsync(connection, "transaction_isolation", static value => value == "read committed", "has transactions that are {0}, and the session's option to have them read committed did not get through", cancellationToken);
        await RequireAsync(connection, "synchronous_commit", static value => value != "off", "has synchronous_commit {0}: what was told to be committed could be lost", cancellationToken);
        var (step, oldest) = await StatusAsync(connection, cancellationToken);
        if (step < Latest && apply)
        {
            await ApplyAsync(connection, cancellationToken);
        }
        else if (step < Latest)
        {
            throw new SharingException(ProblemCodes.Conflict, $"The schema '{_name}' is at step {step} of {Latest}: bring it forward with 'sharing-admin schema apply' first.");
        }
        else if (oldest > Latest)
        {
            throw new SharingException(ProblemCodes.Conflict, $"The schema '{_name}' is at step {step}, and no longer for hosts that know {Latest}: update this one.");
        }
    }

    static async Task RequireAsync(NpgsqlConnection connection, string setting, Predicate<string> fits, string otherwise, CancellationToken cancellationToken)
    {
        await using var show = connection.CreateCommand();
        show.CommandText = $"SHOW {setting}";
        var value = (string)(await show.ExecuteScalarAsync(cancellationToken))!;
        if (!fits(value))
        {
            throw new SharingException(ProblemCodes.Conflict, $"The database {string.Format(CultureInfo.InvariantCulture, otherwise, value)}.");
        }
    }

    [GeneratedRegex("^[a-z_][a-z0-9_]{0,39}\\z", RegexOptions.NonBacktracking)]
    private static partial Regex Name();
}
