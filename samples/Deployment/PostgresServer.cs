using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Sharing.Deployment;

/// <summary>A real PostgreSQL server of its own: a folder, a socket in it, and a process that ends with ours. Not run as root, which PostgreSQL refuses: as <c>postgres</c> then.
/// Its databases belong to <c>app</c>, who may do nothing else.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    /// <summary>Where Debian has it.</summary>
    public const string Installed = "/usr/lib/postgresql";

    static readonly string s_programs = Directory.GetDirectories(Installed).OrderByDescending(static folder => int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture)).First() + "/bin/";

    readonly string _folder = Directory.CreateTempSubdirectory("sharing-pg-").FullName;
    Process? _process;
    int _databases;

    PostgresServer()
    {
    }

    string Data => Path.Combine(_folder, "data");

    /// <summary>Starts one.</summary>
    public static async Task<PostgresServer> StartAsync(CancellationToken cancellationToken = default)
    {
        var server = new PostgresServer();
        await RunAsync("bash", "-c", $"chmod 755 '{server._folder}' && mkdir '{server.Data}' && ([ $(id -u) != 0 ] || chown -R postgres '{server._folder}')");
        await AsOwnerAsync("initdb", "-D", server.Data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync");
        await server.ResumeAsync(cancellationToken);
        await server.ExecuteAsync("CREATE ROLE app LOGIN", cancellationToken: cancellationToken);
        return server;
    }

    /// <summary>Starts it again after it was stopped.</summary>
    public async Task ResumeAsync(CancellationToken cancellationToken = default)
    {
        // Whoever reads from a pipe of ours learns that we have gone, however that was.
        var owner = Environment.IsPrivilegedProcess ? "setpriv --reuid postgres --regid postgres --clear-groups " : "";
        _process = Process.Start(new ProcessStartInfo("bash", ["-c", $"{owner}{s_programs}postgres -D '{Data}' -k '{_folder}' -c listen_addresses= -c max_connections=200 >> '{_folder}/log' 2>&1 & cat > /dev/null; kill -QUIT $! 2> /dev/null; wait"])
        {
            RedirectStandardInput = true,
            UseShellExecute = false,
        })!;
        await AnswersAsync(cancellationToken);
    }

    /// <summary>Stops it: "fast" ends the sessions, "immediate" leaves everything as a crash does.</summary>
    public async Task StopAsync(string mode)
    {
        await AsOwnerAsync("pg_ctl", "stop", "-D", Data, "-m", mode, "-w");
        await EndAsync();
    }

    /// <summary>A new, empty database.</summary>
    /// <returns>Its connection string.</returns>
    public Task<string> CreateDatabaseAsync(CancellationToken cancellationToken = default) => CreateDatabaseAsync($"test{Interlocked.Increment(ref _databases)}", cancellationToken);

    /// <summary>A new, empty database with a name.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> CreateDatabaseAsync(string name, CancellationToken cancellationToken = default)
    {
        await ExecuteAsync($"CREATE DATABASE \"{name}\" OWNER app", cancellationToken: cancellationToken);
        return ConnectionString(name);
    }

    /// <summary>What a host is told of a database.</summary>
    public string ConnectionString(string name) => $"Host={_folder};Username=app;Database={name}";

    /// <summary>The same as other makers' clients have it (libpq, Node's pg).</summary>
    public string ConnectionUri(string name) => $"postgresql://app@localhost/{name}?host={Uri.EscapeDataString(_folder)}";

    /// <summary>Drops a database, whoever is in it.</summary>
    public Task DropAsync(string connectionString) => ExecuteAsync($"DROP DATABASE {new NpgsqlConnectionStringBuilder(connectionString).Database} WITH (FORCE)");

    /// <summary>As the server's administrator.</summary>
    public async Task<object?> ExecuteAsync(string sql, string? connectionString = null, CancellationToken cancellationToken = default)
    {
        var text = new NpgsqlConnectionStringBuilder(connectionString ?? $"Host={_folder};Database=postgres") { Username = "postgres", Pooling = false };
        await using var connection = new NpgsqlConnection(text.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        try
        {
            return await command.ExecuteScalarAsync(cancellationToken);
        }
        catch (PostgresException fault) when (fault.SqlState == PostgresErrorCodes.InternalError)
        {
            throw new InvalidOperationException($"{fault.MessageText}. The server's log ends so:\n{string.Join('\n', File.ReadLines($"{_folder}/log").TakeLast(20))}", fault);
        }
    }

    /// <summary>Kills the process of one session with a database, and waits until the server has started all the others anew.</summary>
    public async Task KillSessionAsync(string name, CancellationToken cancellationToken = default)
    {
        if (await ExecuteAsync($"SELECT pid FROM pg_stat_activity WHERE datname = '{name}' LIMIT 1", cancellationToken: cancellationToken) is int process)
        {
            await RunAsync("kill", "-9", process.ToString(CultureInfo.InvariantCulture));
            await AnswersAsync(cancellationToken);
        }
    }

    /// <summary>The seconds of processor time of all its processes so far, those that have ended included.</summary>
    public double Cpu()
    {
        var server = int.Parse(File.ReadLines(Path.Combine(Data, "postmaster.pid")).First(), CultureInfo.InvariantCulture);
        var ticks = 0L;
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(static folder => char.IsAsciiDigit(Path.GetFileName(folder)[0])))
        {
            try
            {
                // proc(5): after the name state, parent; 14 to 17 are its own ticks and those of children that it has waited for.
                var fields = File.ReadAllText(Path.Combine(folder, "stat")).Split(") ")[^1].Split(' ');
                var isServer = Path.GetFileName(folder) == server.ToString(CultureInfo.InvariantCulture);
                if (isServer || fields[1] == server.ToString(CultureInfo.InvariantCulture))
                {
                    ticks += fields[11..(isServer ? 15 : 13)].Sum(static text => long.Parse(text, CultureInfo.InvariantCulture));
                }
            }
            catch (IOException)
            {
                // It ended meanwhile.
            }
        }

        return ticks / 100.0;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        Directory.Delete(_folder, recursive: true);
    }

    async Task AnswersAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await ExecuteAsync("SELECT 1", cancellationToken: cancellationToken);
                return;
            }
            catch (NpgsqlException) when (attempt < 600)
            {
                await Task.Delay(50, cancellationToken);
            }
        }
    }

    async Task EndAsync()
    {
        if (_process is { } process)
        {
            process.StandardInput.Close();
            await process.WaitForExitAsync();
            process.Dispose();
            _process = null;
        }
    }

    static Task AsOwnerAsync(string program, params string[] arguments) => Environment.IsPrivilegedProcess
        ? RunAsync("setpriv", ["--reuid", "postgres", "--regid", "postgres", "--clear-groups", s_programs + program, .. arguments])
        : RunAsync(s_programs + program, arguments);

    static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = "/" })!;
        var (said, wrong) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} failed: {await wrong} {await said}");
        }
    }
}
