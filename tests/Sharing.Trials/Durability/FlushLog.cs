using System.Globalization;
using System.Text.RegularExpressions;

namespace Sharing.Trials.Durability;

/// <summary>Runs a storing process under strace, which lets flushes fail, and holds what the process told against what it was told: the log has both, in order.</summary>
sealed partial class FlushLog
{
    /// <summary>Stands among the files whose flush failed for a directory that was taken back.</summary>
    const string Removed = "";

    readonly List<(string What, string? Failed, List<string> Injected)> _tries = [];
    readonly string _error;

    FlushLog(string file, string error)
    {
        _error = error;
        foreach (var line in File.ReadLines(file))
        {
            Add(line);
        }
    }

    /// <summary>How many flushes there were.</summary>
    public int Flushes { get; private set; }

    /// <summary>The files whose flush failed.</summary>
    public List<string> Injected { get; } = [];

    /// <param name="error">The name of the system's error; <c>null</c>: none, the flushes are only counted.</param>
    /// <param name="which">The how-manieth flush fails; with "+": and all after it.</param>
    /// <param name="log">Takes the log.</param>
    /// <returns>The command to run the process under. Its pool has one thread, since strace counts the calls of each thread apart.</returns>
    public static string[] Command(string? error, string which, string log) =>
    [
        "strace", "-f", "-qq", "--seccomp-bpf", "-y", "-s", "200", "-o", log, "-e", "trace=fsync,fdatasync,write,rmdir",
        .. error is null ? Array.Empty<string>() : ["-e", $"inject=fsync,fdatasync:error={error}:when={which}"],
        .. new[] { "PROCESSOR_COUNT", "ThreadPool_ForceMinWorkerThreads", "ThreadPool_ForceMaxWorkerThreads" }.SelectMany(name => new[] { "-E", $"DOTNET_{name}=1" }),
    ];

    public static FlushLog Read(string file, string error = "EIO") => new(file, error);

    /// <summary>What was told against the rules of docs/formats/content.md, or <c>null</c>.</summary>
    public string? Wrong()
    {
        var (failedContents, failedRecords) = (0, 0);
        foreach (var (what, failed, injected) in _tries)
        {
            if (injected.Count(path => path.EndsWith("/content/content", StringComparison.Ordinal)) > injected.Count(path => path == Removed))
            {
                return $"A directory stayed whose name '{what}' could not make durable: the next flush would not notice.";
            }

            var acknowledges = what.Split(' ')[0] is "put" or "partial" or "keep" or "drop" or "upload" or "leave";
            if (acknowledges && failed is null && injected.Find(path => path != Removed && !IsCheckpoint(path)) is { } silent)
            {
                return $"'{what}' was acknowledged although the flush of {silent} failed.";
            }

            var isContent = what.StartsWith("partial", StringComparison.Ordinal) || (what.StartsWith("put", StringComparison.Ordinal) && !what.EndsWith(" 0", StringComparison.Ordinal));
            if (isContent && _error == "EIO" && failedContents >= 3 && failed != ProblemCodes.ReadOnly)
            {
                return $"After {failedContents} failed flushes of contents '{what}' ended with {failed ?? "an acknowledgement"}.";
            }

            if (isContent && _error != "EIO" && failedRecords == 0 && !injected.Exists(IsRecords) && failed is not null and not ProblemCodes.NoSpace)
            {
                return $"For want of room '{what}' ended with {failed}.";
            }

            failedContents += injected.Count(path => path != Removed && !IsRecords(path));
            failedRecords += injected.Count(IsRecords);
        }

        return null;
    }

    static bool IsRecords(string path) => Path.GetFileName(path).StartsWith("sharing.db", StringComparison.Ordinal);

    // What is copied from the log into the database is still in the log.
    static bool IsCheckpoint(string path) => Path.GetFileName(path) == "sharing.db";

    void Add(string line)
    {
        if (Told().Match(line) is { Success: true } told)
        {
            switch (told.Groups[1].Value.Split(' '))
            {
                case ["ready"]:
                    _tries.Clear();
                    break;
                case ["try", .. var what]:
                    _tries.Add((string.Join(' ', what), null, []));
                    break;
                case ["failed", .., var code] when _tries.Count > 0:
                    _tries[^1] = _tries[^1] with { Failed = code };
                    break;
            }
        }
        else if (line.Contains(" rmdir(", StringComparison.Ordinal) && _tries.Count > 0)
        {
            _tries[^1].Injected.Add(Removed);
        }
        else if (Flush().Match(line) is { Success: true } flush)
        {
            Flushes++;
            if (line.EndsWith("(INJECTED)", StringComparison.Ordinal))
            {
                Injected.Add(flush.Groups[1].Value);
                (_tries.Count > 0 ? _tries[^1].Injected : []).Add(flush.Groups[1].Value);
            }
        }
    }

    [GeneratedRegex("""write\(\d+<[^>]*>, "(.*)\\n", \d+\)""")]
    private static partial Regex Told();

    [GeneratedRegex(@"f(?:data)?sync\(\d+<([^>]*)>")]
    private static partial Regex Flush();
}
