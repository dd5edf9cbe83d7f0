using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Sharing.Core;
using Sharing.Tests.Content;

namespace Sharing.Tests.Confined;

/// <summary>Real programs, most of them hostile.</summary>
public sealed class ConfinedTests
{
    [Fact]
    public async Task A_program_turns_bytes_into_bytes()
    {
        await using var bench = new ConfinedBench();
        var (outcome, output) = await bench.ShellAsync("tr a-z A-Z <input >output; echo done", "some bytes");
        Assert.Equal((ConfinedEnd.Finished, 0, "SOME BYTES", "done\n"), (outcome.End, outcome.ExitCode, output, outcome.Log));
    }

    [Fact]
    public async Task An_input_that_breaks_off_is_the_callers_fault_and_not_a_short_input()
    {
        await using var bench = new ConfinedBench();
        var pipe = new System.IO.Pipelines.Pipe();
        await pipe.Writer.WriteAsync("half of it"u8.ToArray(), TestContext.Current.CancellationToken);
        await pipe.Writer.CompleteAsync(new InvalidDataException("broken"));
        using var output = new MemoryStream();
        var program = new ConfinedProgram { Path = "/usr/bin/cp", Arguments = ["input", "output"] };
        var fault = await Assert.ThrowsAsync<InvalidDataException>(
            () => bench.Runner.RunAsync(program, pipe.Reader.AsStream(), output, TestContext.Current.CancellationToken));
        Assert.Equal("broken", fault.Message);
    }

    [Fact]
    public async Task Its_arguments_are_read_by_no_shell()
    {
        await using var bench = new ConfinedBench();
        var output = new MemoryStream();
        var program = new ConfinedProgram { Path = "/usr/bin/printf", Arguments = ["%s\n", "$(id)", "; echo x", "-n", "a b"] };
        var outcome = await bench.Runner.RunAsync(program, Stream.Null, output, TestContext.Current.CancellationToken);
        Assert.Equal("$(id)\n; echo x\n-n\na b\nIt left no result.\n", outcome.Log);
        Assert.Equal(ConfinedEnd.Crashed, outcome.End);
    }

    [Theory]
    [InlineData("exit 3", 3)]
    [InlineData("kill -SEGV $$", 128 + 11)]
    [InlineData("true", 121)]
    [InlineData("ln -s /etc/passwd output", 121)]
    [InlineData("ln -s /usr/bin/sh output", 121)]
    [InlineData("mkfifo output", 121)]
    [InlineData("mkdir output", 121)]
    public async Task One_that_fails_is_said_to_have_crashed_and_gives_nothing(string script, int code)
    {
        await using var bench = new ConfinedBench();
        var (outcome, output) = await bench.ShellAsync(script);
        Assert.Equal((ConfinedEnd.Crashed, code, ""), (outcome.End, outcome.ExitCode, output));
    }

    [Fact]
    public async Task It_reaches_no_network()
    {
        using var listener = new TcpListener(IPAddress.IPv6Any, 0);
        listener.Server.DualMode = true;
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        await using var bench = new ConfinedBench();
        var (outcome, output) = await bench.PythonAsync(string.Create(CultureInfo.InvariantCulture, $"""
            import socket, os
            said = []
            for family, address in [(socket.AF_INET, '127.0.0.1'), (socket.AF_INET6, '::1'), (socket.AF_INET, '93.184.216.34')]:
                try:
                    socket.socket(family).connect((address, {port}))
                    said.append('connected')
                except OSError: said.append('no')
            said += os.listdir('/sys/class/net') if os.path.exists('/sys') else []
            open('output', 'w').write(' '.join(said))
            """));
        Assert.Equal((ConfinedEnd.Finished, "no no no"), (outcome.End, output));
        Assert.False(listener.Pending());
    }

    [Fact]
    public async Task It_sees_no_file_of_the_host_and_writes_none()
    {
        using var folder = new TemporaryFolder();
        var secret = folder.Join("secret.db");
        await File.WriteAllTextAsync(secret, "secret", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(secret, (UnixFileMode)0x1B6); // anybody may
        Environment.SetEnvironmentVariable("SHARING_TEST_SECRET", "secret");
        await using var bench = new ConfinedBench();
        var (outcome, output) = await bench.ShellAsync($$"""
            ls / /root /home /etc /var /proc/1/root/etc /run 2>/dev/null | tr '\n' ' ' >output
            cat {{secret}} /etc/passwd /proc/1/environ /proc/*/environ 2>/dev/null >>output
            env >>output
            for place in {{secret}} {{folder.Join("new")}} /usr/new /new /dev/new /dev/shm/new /etc/new /proc/sys/kernel/hostname; do
              (echo written >$place) 2>/dev/null && echo "wrote $place" >>output
            done
            mount -t tmpfs none /usr 2>/dev/null && echo mounted >>output
            unshare -r true 2>/dev/null && echo nested >>output
            true
            """);
        Environment.SetEnvironmentVariable("SHARING_TEST_SECRET", null);
        Assert.Equal(ConfinedEnd.Finished, outcome.End);
        foreach (var trace in new[] { "secret", "root:", "wrote", "mounted", "nested", "passwd", folder.Join("") })
        {
            Assert.DoesNotContain(trace, output, StringComparison.Ordinal);
        }

        Assert.Equal(["secret.db"], Directory.GetFiles(folder.Join("")).Select(Path.GetFileName));
        Assert.Equal("secret", await File.ReadAllTextAsync(secret, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task It_has_no_rights_and_gets_none()
    {
        await using var bench = new ConfinedBench();
        var (_, output) = await bench.ShellAsync("grep -E '^(Uid|CapEff|CapBnd|NoNewPrivs)' /proc/self/status >output");
        Assert.Equal(
            ["Uid:\t65534\t65534\t65534\t65534", "CapEff:\t0000000000000000", "CapBnd:\t0000000000000000", "NoNewPrivs:\t1"],
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task It_sees_its_own_processes_only()
    {
        await using var bench = new ConfinedBench();
        var (_, output) = await bench.ShellAsync("ls -d /proc/[0-9]* | wc -l >output");
        Assert.InRange(int.Parse(output, CultureInfo.InvariantCulture), 2, 8);
    }

    [Fact]
    public async Task An_endless_loop_ends_with_its_processor_time()
    {
        await using var bench = new ConfinedBench(options => options.CpuTime = TimeSpan.FromSeconds(1));
        Assert.Equal(ConfinedEnd.CpuTimeReached, (await bench.ShellAsync("while :; do :; done")).Outcome.End);
        Assert.Equal(ConfinedEnd.Crashed, (await bench.ShellAsync("trap '' XCPU; while :; do :; done")).Outcome.End); // a second later, by SIGKILL
    }

    [Theory]
    [InlineData("sleep 1000")]
    [InlineData("trap '' TERM INT HUP; while :; do sleep 1; done")]
    [InlineData("(setsid sleep 1000 &) ; sleep 1000")]
    [InlineData("kill -STOP $PPID; sleep 1000")]
    [InlineData("kill -KILL $PPID; sleep 1000")]
    [InlineData("yes >&2")]
    public async Task One_that_hangs_is_killed_when_its_time_is_over_and_all_its_children_with_it(string script)
    {
        var mark = Mark();
        await using var bench = new ConfinedBench(options => options.WallTime = TimeSpan.FromSeconds(2));
        var (outcome, _) = await bench.ShellAsync($": {mark}; {script.Replace("1000", mark, StringComparison.Ordinal)}");
        Assert.Equal(ConfinedEnd.TimedOut, outcome.End);
        Assert.InRange(outcome.Log.Length, 0, 16 * 1024);
        await GoneAsync(mark);
    }

    [Fact]
    public async Task A_daemon_left_behind_is_not_left_behind()
    {
        var mark = Mark();
        await using var bench = new ConfinedBench();
        var (outcome, output) = await bench.ShellAsync($"(setsid nohup sleep {mark} >/dev/null 2>&1 &); echo result >output");
        Assert.Equal((ConfinedEnd.Finished, "result\n"), (outcome.End, output));
        await GoneAsync(mark);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task It_does_not_outlive_the_host(int trial)
    {
        Assert.InRange(trial, 1, 3);
        var mark = Mark();
        using var host = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Sharing.Tests.Child.dll"), "confine", mark])
        {
            RedirectStandardOutput = true,
        })!;
        await ThereAsync(mark); // at the latest when it sleeps; often while it is being set up
        host.Kill();
        await GoneAsync(mark, but: "bwrap"); // docs/gaps.md: one that waits to be let begin
    }

    [Fact]
    public async Task Cancelling_kills_everything_at_once()
    {
        var mark = Mark();
        await using var bench = new ConfinedBench();
        using var cancel = new CancellationTokenSource();
        var running = bench.ShellAsync($"sleep {mark} & sleep {mark}", cancellationToken: cancel.Token);
        await ThereAsync(mark);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await GoneAsync(mark);
    }

    [Fact]
    public async Task A_fork_bomb_runs_into_its_limit()
    {
        await using var bench = new ConfinedBench(options => options.Processes = 20);
        var (outcome, output) = await bench.PythonAsync("""
            import os, time
            made = 0
            try:
                while made < 500:
                    if os.fork() == 0: time.sleep(1000)
                    made += 1
            except OSError: pass
            open('output', 'w').write(str(made))
            """);
        Assert.Equal(ConfinedEnd.Finished, outcome.End);
        Assert.InRange(int.Parse(output, CultureInfo.InvariantCulture), 5, 20);
    }

    [Theory]
    [InlineData("x = b'x'\nwhile True: x += x")]
    [InlineData("import mmap\nkept = []\nwhile True:\n m = mmap.mmap(-1, 1 << 24); m[0] = 1; kept.append(m)")]
    public async Task Endless_memory_is_not_given(string script)
    {
        await using var bench = new ConfinedBench();
        var (outcome, _) = await bench.PythonAsync(script);
        Assert.Equal(ConfinedEnd.Crashed, outcome.End);
        Assert.Matches("MemoryError|Cannot allocate memory", outcome.Log);
    }

    [Theory]
    [InlineData("cat /dev/zero >output")]
    [InlineData("yes >output")]
    public async Task Endless_output_is_cut(string script)
    {
        await using var bench = new ConfinedBench();
        var (outcome, output) = await bench.ShellAsync(script);
        Assert.Equal(ConfinedEnd.OutputBytesReached, outcome.End);
        Assert.InRange(output.Length, 0, 1 << 20);
    }

    [Fact]
    public async Task Its_folder_is_small()
    {
        await using var bench = new ConfinedBench();
        var (outcome, output) = await bench.ShellAsync("i=0; while head -c 1000000 /dev/zero >f$i 2>/dev/null; do i=$((i+1)); [ $i -lt 200 ] || break; done; rm -f f*; echo $i >output");
        Assert.Equal(ConfinedEnd.Finished, outcome.End);
        Assert.InRange(int.Parse(output, CultureInfo.InvariantCulture), 20, 34);
    }

    [Fact]
    public async Task Too_many_files_are_not_opened()
    {
        await using var bench = new ConfinedBench(options => options.OpenFiles = 32);
        var (_, output) = await bench.PythonAsync("""
            kept = []
            out = open('output', 'w')
            try:
                while len(kept) < 500: kept.append(open('/dev/null'))
            except OSError: pass
            out.write(str(len(kept)))
            """);
        Assert.InRange(int.Parse(output, CultureInfo.InvariantCulture), 10, 32);
    }

    [Fact]
    public async Task What_does_not_fit_into_its_folder_is_not_begun_with()
    {
        await using var bench = new ConfinedBench(options => options.ScratchBytes = 1 << 20);
        var (outcome, output) = await bench.ShellAsync("echo begun >output", new string('x', 3 << 20));
        Assert.Equal((ConfinedEnd.InputTooLarge, ""), (outcome.End, output));
    }

    [Fact]
    public async Task Where_programs_cannot_be_confined_they_are_not_run_unless_the_host_says_so()
    {
        var path = Environment.GetEnvironmentVariable("PATH");
        using var without = new TemporaryFolder();
        foreach (var tool in new[] { "sh", "cat", "prlimit", "cp", "setpriv" })
        {
            File.CreateSymbolicLink(without.Join(tool), "/usr/bin/" + tool);
        }

        async Task<ConfinedOutcome> RunAsync(bool allow, Stream output)
        {
            var options = Options.Create(new ConfinedOptions { AllowUnconfined = allow });
            var runner = new BubblewrapRunner(options, TimeProvider.System, NullLogger<BubblewrapRunner>.Instance) { Tools = without.Join("") };
            return await runner.RunAsync(new() { Path = "/usr/bin/cp", Arguments = ["input", "output"] }, new MemoryStream("x"u8.ToArray()), output);
        }

        using var output = new MemoryStream();
        var fault = await Assert.ThrowsAsync<SharingException>(() => RunAsync(false, output));
        Assert.Equal((ProblemCodes.NotConfined, 0), (fault.Code, (int)output.Length));
        Assert.Equal(ConfinedEnd.Finished, (await RunAsync(true, output)).End);
        Assert.Equal("x"u8.ToArray(), output.ToArray());
        Assert.Equal(path, Environment.GetEnvironmentVariable("PATH"));
    }

    [Fact]
    public async Task Limits_that_make_no_sense_stop_the_host()
    {
        var wrong = new ConfinedOptions
        {
            MemoryBytes = 0, CpuTime = TimeSpan.Zero, WallTime = TimeSpan.Zero, OutputBytes = 0, ScratchBytes = -1, Processes = 0, OpenFiles = 0, LogBytes = -1,
        };
        Assert.Equal(8, new ConfinedOptionsValidation().Validate(null, wrong).Failures!.Count());
        Assert.True(new ConfinedOptionsValidation().Validate(null, new()).Succeeded);
        await using var bench = new ConfinedBench(options => options.Processes = 0);
        Assert.Throws<OptionsValidationException>(() => bench.Runner);
    }

    /// <summary>A number of seconds that no other test sleeps.</summary>
    static string Mark() => string.Create(CultureInfo.InvariantCulture, $"{Random.Shared.Next(100_000, int.MaxValue)}");

    static bool IsThere(string mark, string? but = null) => Directory.EnumerateDirectories("/proc").Any(process =>
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline")).Contains("sleep\0" + mark, StringComparison.Ordinal)
                && File.ReadAllText(Path.Combine(process, "comm")).Trim() != but;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    });

    static Task ThereAsync(string mark) => LookAsync(() => IsThere(mark), looks: 1);

    // One look is not enough: a process that starts a program has no name for a moment.
    static Task GoneAsync(string mark, string? but = null) => LookAsync(() => !IsThere(mark, but), looks: 10);

    static async Task LookAsync(Func<bool> isSo, int looks)
    {
        var since = Stopwatch.StartNew();
        for (var seen = 0; seen < looks; seen = isSo() ? seen + 1 : 0)
        {
            Assert.True(since.Elapsed < ConfinedBench.Ample);
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
