using System.Diagnostics;
using System.Globalization;
using Sharing.Tests.Hosting;

namespace Sharing.Tests.Http;

/// <summary>The disk refuses a read in the middle of a download (row E5): the server process's own system calls fail, by strace.</summary>
public sealed class ReadErrorTests
{
    const int Reads = 21;

    /// <summary>strace counts the calls of each thread for itself: of two threads one reads eleven times, whoever they are.</summary>
    const int Threads = 2;

    [Fact(Timeout = 300_000)]
    public async Task A_download_that_the_disk_breaks_off_never_looks_whole()
    {
        var bytes = new byte[(Reads * 262_144) - 100];
        new Random(1).NextBytes(bytes);
        await using var server = await StoryServer.StartAsync(Threads);
        string link;
        await using (var origin = await Origin.StartAsync())
        {
            var address = origin.Serve("film.bin", bytes);
            var post = await server.ShareAsync("anna", address, "everyone");
            link = (string)(await server.SeenAsync("ben", address))["link"]!;
            await server.StoredAsync("anna", post);
        }

        Assert.Equal(bytes, (await SaveAsync(link)).Body);
        var (broken, whole) = (0, 0);
        for (var read = 1; read <= Reads; read += 2)
        {
            foreach (var when in (string[])[$"{read}", $"{read}+"])
            {
                using var faults = Process.Start(new ProcessStartInfo(
                    "strace",
                    [
                        "-f", "-qqq", "-p", server.ProcessId.ToString(CultureInfo.InvariantCulture), "-P", server.FileOf(bytes.Length), "-o", "/dev/null",
                        "-e", "trace=pread64,preadv2,preadv,read", "-e", $"inject=pread64,preadv2,preadv,read:error=EIO:when={when}",
                    ]))!;
                await UntilTracedAsync(server.ProcessId);
                var (code, body) = await SaveAsync(link);
                faults.Kill();
                await faults.WaitForExitAsync();
                if (code == 0)
                {
                    whole++;
                    Assert.Equal(bytes, body); // read once more, or the fault came to nobody
                }
                else
                {
                    broken++;
                    Assert.True(bytes.AsSpan().StartsWith(body), $"{when}: {body.Length} bytes that are not the content's");
                }
            }
        }

        Assert.True(broken >= Reads / 2, $"Only {broken} were broken off, {whole} were not.");
        Assert.Equal(bytes, (await SaveAsync(link)).Body);
    }

    /// <summary>The answer of curl, and what came; of a refusal nothing.</summary>
    static async Task<(int Code, byte[] Body)> SaveAsync(string link)
    {
        using var curl = Process.Start(new ProcessStartInfo("curl", ["-sS", "-L", "--fail", "--max-time", "60", link]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var body = new MemoryStream();
        await curl.StandardOutput.BaseStream.CopyToAsync(body, TestContext.Current.CancellationToken);
        await curl.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (curl.ExitCode, body.ToArray());
    }

    static Task UntilTracedAsync(int process) => ServerUnderTest.EventuallyAsync(() => Task.FromResult(Directory.GetDirectories($"/proc/{process}/task").All(static task =>
    {
        try
        {
            return !File.ReadLines(Path.Join(task, "status")).Contains("TracerPid:\t0");
        }
        catch (IOException)
        {
            return true; // a thread that ended
        }
    })));
}
