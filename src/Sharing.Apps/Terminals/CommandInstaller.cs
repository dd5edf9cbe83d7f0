using System.ComponentModel;
using System.Diagnostics;

namespace Sharing.Apps;

/// <summary>Installs by a program of the platform: <c>adb install -r</c>, <c>dpkg -i</c>. The file's path is its last argument.</summary>
public sealed class CommandInstaller(string program, params IReadOnlyList<string> arguments) : IAppInstaller
{
    /// <summary>On the Android device that is attached.</summary>
    public static CommandInstaller Adb { get; } = new("adb", "install", "-r");

    /// <summary>On this Debian machine; needs its administrator's rights.</summary>
    public static CommandInstaller Dpkg { get; } = new("dpkg", "-i");

    /// <inheritdoc/>
    public async Task<string> InstallAsync(AppPackage package, string file, CancellationToken cancellationToken = default)
    {
        var start = new ProcessStartInfo(program, [.. arguments, file]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        using var process = Start(start);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(cancellationToken), process.StandardError.ReadToEndAsync(cancellationToken));
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return process.ExitCode == 0 ? $"{program}: {(await output).Trim()}" : throw new SharingException(ProblemCodes.InvalidInput, $"{program} refused it: {(await errors).Trim()}");
    }

    static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start) ?? throw new SharingException(ProblemCodes.InvalidInput, $"{start.FileName} does not start.");
        }
        catch (Win32Exception e)
        {
            throw new SharingException(ProblemCodes.InvalidInput, $"There is no {start.FileName} here.", e);
        }
    }
}
