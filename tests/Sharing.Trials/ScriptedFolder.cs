using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Sharing.Trials;

/// <summary>A folder of test files that a script of tests/data fetches or makes, once for each version of the script.</summary>
static class ScriptedFolder
{
    /// <param name="script">The script, below tests/data.</param>
    /// <param name="name">The folder's name, below the system's temporary folder.</param>
    public static string Make(string script, string name)
    {
        var folder = Path.Combine(Path.GetTempPath(), name);
        using var run = Process.Start(new ProcessStartInfo("bash", [Path.Combine(Path.GetDirectoryName(Here())!, "..", "data", script), folder]) { RedirectStandardError = true })!;
        var said = run.StandardError.ReadToEnd();
        run.WaitForExit();
        return run.ExitCode == 0 ? folder : throw new InvalidOperationException($"{script} failed: {said}");
    }

    static string Here([CallerFilePath] string path = "") => path;
}
