using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Sharing.Trials.Restart;

/// <summary>A person's terminal: the command <c>sharing</c> with a data folder, each command a process that may be killed.</summary>
sealed class TerminalChild
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    readonly string _assembly, _data;
    readonly Lock _gate = new();
    readonly List<Process> _running = [];

    public TerminalChild(string assembly, string folder, string person, Uri download, Uri social)
    {
        (_assembly, _data) = (assembly, folder);
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var settings = new JsonObject
        {
            ["server"] = download.ToString(),
            ["socialServer"] = social.ToString(),
            ["person"] = person,
            ["token"] = RestartWitness.TokenOf(person),
            ["downloads"] = Path.Combine(folder, "downloads"),
            ["allow"] = new JsonArray("127.0.0.1"),
        };
        File.WriteAllText(Path.Combine(folder, "terminal.json"), settings.ToJsonString());
    }

    /// <summary>How many commands ran.</summary>
    public int Commands { get; private set; }

    /// <summary>What the command that ended last said.</summary>
    public string LastSaid { get; private set; } = "";

    /// <summary>Repeats a command until it ends well, as a person would.</summary>
    /// <returns>What it said, as JSON.</returns>
    public async Task<string> UntilDoneAsync(CancellationToken cancellationToken, params string[] command)
    {
        while (true)
        {
            var (code, said) = await RunAsync(command, cancellationToken);
            if (code == 0)
            {
                return said;
            }

            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>One command, once, as people read it.</summary>
    public async Task<(int Code, string Said)> TellAsync(CancellationToken cancellationToken, params string[] command)
    {
        var (code, _) = await RunAsync(command, cancellationToken, json: false);
        return (code, LastSaid);
    }

    /// <summary>Ctrl+C, as soon as a command printed a certain line of JSON.</summary>
    /// <returns>What it printed last.</returns>
    public async Task<(int Code, JsonNode Last)> InterruptAsync(Func<JsonNode, bool> when, CancellationToken cancellationToken, params string[] command)
    {
        using var process = Start(command, json: true);
        JsonNode last = null!;
        for (var interrupted = false; await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line;)
        {
            last = JsonNode.Parse(line)!;
            if (!interrupted && when(last))
            {
                interrupted = true;
                using var kill = Process.Start("kill", ["-INT", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
                await kill.WaitForExitAsync(cancellationToken);
            }
        }

        await process.WaitForExitAsync(cancellationToken);
        return (process.ExitCode, last);
    }

    /// <summary>Lets <c>sharing run</c> run until cancelled; killed, it is started again.</summary>
    public async Task KeepRunningAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await RunAsync(["run"], cancellationToken);
                await Task.Delay(Pause, TimeProvider.System, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return;
        }
    }

    /// <summary>Kills whatever of it runs.</summary>
    /// <returns>Whether something ran.</returns>
    public bool Kill()
    {
        lock (_gate)
        {
            _running.ForEach(process => process.Kill());
            return _running.Count > 0;
        }
    }

    /// <summary>Whether every item of the list is finished and saved, bit by bit.</summary>
    public async Task<string?> CheckAsync(RestartOrigin origin, int files, CancellationToken cancellationToken)
    {
        var items = JsonNode.Parse(await UntilDoneAsync(cancellationToken, "list"))!.AsArray();
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            var path = new Uri((string)item!["resource"]!["address"]!).AbsolutePath;
            if ((string?)item["state"] != "finished" || (string?)item["savedAs"] is not { } saved)
            {
                return $"{_data}: not finished: {item.ToJsonString()}";
            }

            if (!SHA256.HashData(await File.ReadAllBytesAsync(saved, cancellationToken)).AsSpan().SequenceEqual(SHA256.HashData(origin.BytesOf(path))))
            {
                return $"{_data}: other bytes than the origin's: {item.ToJsonString()}";
            }

            found.Add(path);
        }

        return found.Count == files ? null : $"{_data}: {found.Count} of {files} files";
    }

    async Task<(int Code, string Said)> RunAsync(IEnumerable<string> command, CancellationToken cancellationToken, bool json = true)
    {
        using var process = Start(command, json);
        try
        {
            var (said, error) = (process.StandardOutput.ReadToEndAsync(cancellationToken), process.StandardError.ReadToEndAsync(cancellationToken));
            var text = await said;
            LastSaid = text + await error;
            await process.WaitForExitAsync(cancellationToken);
            return (process.ExitCode, text);
        }
        finally
        {
            lock (_gate)
            {
                _running.Remove(process);
            }

            if (!process.HasExited)
            {
                process.Kill();
                await process.WaitForExitAsync(CancellationToken.None);
            }
        }
    }

    Process Start(IEnumerable<string> command, bool json)
    {
        lock (_gate)
        {
            Commands++;
            var process = Process.Start(new ProcessStartInfo("dotnet", [_assembly, .. command, .. json ? ["--json"] : (string[])[], "--data", _data])
            {
                RedirectStandardOutput = true, RedirectStandardError = true,
            })!;
            _running.Add(process);
            return process;
        }
    }
}
