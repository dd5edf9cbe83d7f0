using System.Diagnostics;
using Sharing.S3;

namespace Sharing.Deployment;

/// <summary>Runs <c>sharing-admin</c>, as an operator would.</summary>
static class Admin
{
    /// <summary>Holds a database and a bucket against each other, and hashes every byte.</summary>
    /// <returns>The exit code, and what it said in a line.</returns>
    public static async Task<(int Code, string Said)> CheckAsync(string database, S3Options bucket)
    {
        // It runs with this program's framework and libraries: those of its own are not copied here.
        var own = Path.Combine(AppContext.BaseDirectory, "Deployment");
        using var admin = Process.Start(new ProcessStartInfo(
            "dotnet", ["exec", "--runtimeconfig", own + ".runtimeconfig.json", "--depsfile", own + ".deps.json", Path.Combine(AppContext.BaseDirectory, "sharing-admin.dll"), "check", "--postgresql", database, "--s3", $"{bucket.Endpoint}{bucket.Bucket}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            Environment = { ["NO_COLOR"] = "1", ["AWS_ACCESS_KEY_ID"] = bucket.AccessKey, ["AWS_SECRET_ACCESS_KEY"] = bucket.SecretKey },
        })!;
        var (said, wrong) = (admin.StandardOutput.ReadToEndAsync(), admin.StandardError.ReadToEndAsync());
        await admin.WaitForExitAsync();
        return (admin.ExitCode, string.Join(' ', $"{await said} {await wrong}".Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
    }
}
