using System.Diagnostics;
using System.Globalization;

namespace Sharing.Core;

/// <summary>The command lines that run a program, confined by bubblewrap or, if the host insists, not.</summary>
/// <remarks>
/// The program does not start first: a few lines of shell take the input into the folder, run the program under its limits, and hand over the result. They run
/// inside, too, so that whatever the program does to files, links and processes is done to its own; only bytes in a pipe come out.
/// </remarks>
static class ConfinedCommand
{
    /// <summary>The exit code for an input that did not fit.</summary>
    public const int InputTooLarge = 120;

    /// <summary>Where a system keeps its programs.</summary>
    public const string Tools = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin";

    const string Folder = "/confined";

    // An ordinary user who owns nothing: root in a namespace is still root to the limits on processes.
    const string Nobody = "65534";

    // Not before it is answered does it begin: whoever asks was alive when "dies with its parent" came into force. It is process 1, whose end is everybody's: with a
    // process 1 of bubblewrap's, this would begin before that one has promised to die.
    const string Begin = "printf r && read -r go || exit 122\n";

    const string Rest = """
        cat >input || exit 120
        "$@" </dev/null >&2
        code=$?
        [ $code = 0 ] || exit $code
        { [ -f output ] && [ ! -L output ]; } || { echo 'It left no result.' >&2; exit 121; }
        exec cat output
        """;

    /// <summary>Confined: namespaces of its own for everything, no capability, no new privileges, gone when this process is.</summary>
    public static ProcessStartInfo Confined(ConfinedProgram program, ConfinedOptions options, string tools)
    {
        List<string> line = ["bwrap"];
        if (Environment.IsPrivilegedProcess)
        {
            line.InsertRange(0, ["setpriv", $"--reuid={Nobody}", $"--regid={Nobody}", "--clear-groups", "--"]);
        }

        line.AddRange(
        [
            "--unshare-all", "--unshare-user", "--disable-userns", "--uid", Nobody, "--gid", Nobody, "--die-with-parent", "--as-pid-1", "--new-session", "--cap-drop", "ALL",
            "--hostname", "confined", "--clearenv", "--setenv", "PATH", "/usr/bin", "--setenv", "HOME", Folder, "--setenv", "TMPDIR", Folder, "--setenv", "LANG", "C.UTF-8",
            "--ro-bind", "/usr", "/usr",
        ]);
        foreach (var link in new[] { "/bin", "/lib", "/lib32", "/lib64", "/sbin" })
        {
            if (new DirectoryInfo(link) is { Exists: true, LinkTarget: var target })
            {
                line.AddRange(target is null ? ["--ro-bind", link, link] : ["--symlink", target, link]);
            }
        }

        foreach (var path in program.ReadOnlyPaths)
        {
            line.AddRange(["--ro-bind", path, path]);
        }

        line.AddRange(
        [
            "--proc", "/proc", "--dev", "/dev", "--size", Text(options.ScratchBytes), "--tmpfs", Folder, "--symlink", Folder[1..], "/tmp",
            "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", Folder, "--", .. Run(program, options),
        ]);
        return Start(line, tools);
    }

    /// <summary>Under the limits alone, in a folder.</summary>
    public static ProcessStartInfo Unconfined(ConfinedProgram program, ConfinedOptions options, string tools, string folder)
    {
        var start = Start(Run(program, options), tools);
        start.WorkingDirectory = folder;
        return start;
    }

    static List<string> Run(ConfinedProgram program, ConfinedOptions options) =>
    [
        "sh", "-c", Script(program), "sh", "prlimit", $"--as={Text(options.MemoryBytes)}", $"--data={Text(options.MemoryBytes)}",
        $"--cpu={Text((long)options.CpuTime.TotalSeconds)}:{Text((long)options.CpuTime.TotalSeconds + 1)}", $"--fsize={Text(options.OutputBytes)}", $"--nofile={Text(options.OpenFiles)}",
        $"--nproc={Text(options.Processes + 2)}", "--core=0", "--", program.Path, .. program.Arguments, // two are the shell and bubblewrap itself
    ];

    /// <summary>The files come first, each of a length that is known.</summary>
    static string Script(ConfinedProgram program) => Begin
        + string.Concat(program.Files.Select(static file => $"{{ mkdir -p -- \"$(dirname {file.Path})\" && head -c {file.Bytes.Length} >{file.Path} && chmod 500 {file.Path}; }} || exit 120\n")) + Rest;

    static ProcessStartInfo Start(List<string> line, string tools)
    {
        var found = tools.Split(':').Select(folder => Path.Combine(folder, line[0])).FirstOrDefault(File.Exists);
        var start = new ProcessStartInfo(found ?? line[0], line[1..])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = "/",
        };
        start.Environment.Clear();
        start.Environment["PATH"] = tools;
        return start;
    }

    static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
