using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Sharing.Trials.PostgreSql;

/// <summary>A real PostgreSQL server of its own: a folder, a socket in it, and a process that ends with ours. Not run as root, which PostgreSQL refuses: as <c>postgres</c> then.
/// Its databases belong to <c>app</c>, who may do nothing else.</summary>
sealed class PostgresServer : IAsyncDisposable
{
    static readonly string s_programs = Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(static folder => int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture)).First() + "/bin/";

    readonly string _folder = Directory.CreateTempSubdirectory("sharing-pg-").FullName;
    Process? _process;
    int _databases;

    PostgresServer()
    {
    }

    string Data => Path.Combine(_folder, "data");

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
    public async Task<string> CreateDatabaseAsync(CancellationToken cancellationToken = default)
    {
        var name = $"test{Interlocked.Increment(ref _databases)}";
        await ExecuteAsync($"CREATE DATABASE {name} OWNER app", cancellationToken: cancellationToken);
        return $"Host={_folder};Username=app;Database={name}";
    }

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
        return await command.ExecuteScalarAsync(cancellationToken);
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
