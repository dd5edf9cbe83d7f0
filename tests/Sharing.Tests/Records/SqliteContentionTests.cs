using System.Diagnostics;

namespace Sharing.Tests.Records;

public sealed class SqliteContentionTests
{
    /// <summary>SQLite sleeps where reading and committing begin at the same moment again and again; builds of it without usleep, such as the one that is to be had here, for a whole second each time.</summary>
    [Fact(Timeout = 300_000)]
    public async Task Reading_and_committing_at_once_makes_nobody_sleep()
    {
        var folder = Directory.CreateTempSubdirectory("sharing-").FullName;
        try
        {
            var said = Path.Combine(folder, "sleeps");
            using var traced = Process.Start(new ProcessStartInfo("strace", ["-f", "-qq", "-e", "trace=clock_nanosleep,nanosleep", "-o", said, "dotnet", Path.Combine(AppContext.BaseDirectory, "Sharing.Tests.Child.dll"), "contend", folder, "4000"]) { UseShellExecute = false })!;
            await traced.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, traced.ExitCode);
            Assert.DoesNotContain("tv_sec=1,", await File.ReadAllTextAsync(said, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
