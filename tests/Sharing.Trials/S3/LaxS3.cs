using System.Diagnostics;
using System.Runtime.CompilerServices;
using Sharing.Deployment;

namespace Sharing.Trials.S3;

/// <summary>A second S3 server, s3rver: it takes wrong signatures, and reads other corners of the protocol its own way.</summary>
static class LaxS3
{
    static readonly SemaphoreSlim s_installing = new(1);

    static string Here { get; } = Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(Path.GetDirectoryName(ThisFile())))!, "data", "s3");

    public static async Task<S3Server> StartAsync()
    {
        await InstallAsync();
        return await S3Server.StartAsync("node", Path.Combine(Here, "s3rver.mjs"), "S3RVER", "S3RVER");
    }

    static string ThisFile([CallerFilePath] string path = "") => path;

    static async Task InstallAsync()
    {
        await s_installing.WaitAsync();
        try
        {
            if (!File.Exists(Path.Combine(Here, "node_modules", ".package-lock.json")))
            {
                using var npm = Process.Start(new ProcessStartInfo("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"]) { WorkingDirectory = Here, UseShellExecute = false })!;
                await npm.WaitForExitAsync();
                if (npm.ExitCode != 0)
                {
                    throw new InvalidOperationException("npm ci failed.");
                }
            }
        }
        finally
        {
            s_installing.Release();
        }
    }
}
