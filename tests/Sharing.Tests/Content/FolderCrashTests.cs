using System.Diagnostics;
using System.Text.RegularExpressions;
using Sharing.Core;

namespace Sharing.Tests.Content;

/// <summary>Runs <see cref="FolderVictim"/> under strace, which must be installed: looks at the order of its system calls, lets them fail, and
/// kills it at each that changes the folder.</summary>
public sealed partial class FolderCrashTests : IAsyncLifetime
{
    readonly TemporaryFolder _temporary = new();

    string Folder => _temporary.Join("store");

    string PartialData => Path.Join(Folder, "partial", "new.data");

    string PartialGroups => Path.Join(Folder, "partial", "new.groups");

    string NewDirectory => Path.Join(Folder, "content", "cd");

    string NewData => Path.Join(NewDirectory, FolderVictim.New.ToString());

    string OldData => Path.Join(Folder, "content", "ab", FolderVictim.Old.ToString());

    public async ValueTask InitializeAsync()
    {
        await using var store = new FolderContentStore(Folder);
        await FolderVictim.PublishAsync(store, "old", FolderVictim.Old);
    }

    public ValueTask DisposeAsync()
    {
        _temporary.Dispose();
        return default;
    }

    [Fact]
    public async Task Publishing_flushes_both_files_then_renames_groups_and_data_then_flushes_the_directory()
    {
        var log = _temporary.Join("log");
        var code = await RunAsync("-y", "-e", "trace=fsync,rename,mkdir,unlink", "-o", log);
        Assert.Equal(0, code);
        var calls = (await File.ReadAllLinesAsync(log)).Where(line => line.Contains(Folder, StringComparison.Ordinal)).ToList();
        var first = calls.FindIndex(call => call.Contains(PartialData, StringComparison.Ordinal));
        Assert.Equal(
            [
                $"fsync {PartialData}",
                $"fsync {PartialGroups}",
                $"mkdir {NewDirectory}",
                $"fsync {Path.Join(Folder, "content")}",
                $"rename {PartialGroups} {NewData}.groups",
                $"rename {PartialData} {NewData}",
                $"fsync {NewDirectory}",
                $"unlink {OldData}",
                $"unlink {OldData}.groups",
                $"fsync {Path.Join(Folder, "content", "ab")}",
            ],
            calls[first..].Select(call => Call().Match(call).Groups is var g ? $"{g[1]} {string.Join(' ', Paths().Matches(call))}" : ""));
    }

    [Theory]
    [InlineData("partial/new.data", "EIO")]
    [InlineData("partial/new.groups", "EIO")]
    [InlineData("content/cd", "EIO")]
    [InlineData("partial/new.data", "ENOSPC")]
    [InlineData("content/cd", "EDQUOT")]
    public async Task A_flush_that_fails_is_reported_and_nothing_is_acknowledged_or_visible(string path, string error)
    {
        var code = await RunAsync("-P", Path.Join(Folder, path), "-e", $"inject=fsync:error={error}");
        Assert.NotEqual(0, code);
        Assert.False(File.Exists(Folder + ".published"));
        await using var store = new FolderContentStore(Folder);
        Assert.Null(await store.FindAsync(FolderVictim.New));
        await AssertOldAsync(store);
        await using var partial = await store.OpenPartialAsync("new");
        var kept = path == "content/cd" ? FolderVictim.Bytes(FolderVictim.Length) : []; // only the name was not durable: the bytes are the partial's again
        var bytes = new byte[FolderVictim.Length];
        Assert.Equal(kept, bytes[..await partial.ReadAsync(ContentArea.Data, 0, bytes)]);
    }

    [Theory]
    [InlineData("fsync", "partial/new.data")]
    [InlineData("fsync", "partial/new.groups")]
    [InlineData("mkdir", "content/cd")]
    [InlineData("rename", "partial/new.groups")]
    [InlineData("rename", "partial/new.data")]
    [InlineData("fsync", "content/cd")]
    [InlineData("unlink", "content/ab/{old}")]
    [InlineData("unlink", "content/ab/{old}.groups")]
    public async Task Killed_at_any_call_it_leaves_whole_contents_and_whole_partials(string call, string path)
    {
        path = Path.Join(Folder, path.Replace("{old}", FolderVictim.Old.ToString(), StringComparison.Ordinal));
        var code = await RunAsync("-P", path, "-e", $"inject={call}:signal=SIGKILL");
        Assert.Equal(137, code);
        await using var store = new FolderContentStore(Folder);
        Assert.False(File.Exists(Folder + ".deleted"));
        await AssertWholeAsync(store);
        if (call != "unlink")
        {
            await AssertOldAsync(store);
        }

        // Whoever was killed before the rename goes on with the bytes, whoever was killed after it begins anew and finds them there.
        if (await store.FindAsync(FolderVictim.New) is null)
        {
            Assert.False(File.Exists(Folder + ".published"));
            await using var partial = await store.OpenPartialAsync("new");
            var bytes = new byte[FolderVictim.Length + 1];
            Assert.Equal(FolderVictim.Length, await partial.ReadAsync(ContentArea.Data, 0, bytes));
            await FolderVictim.WriteAsync(partial);
            await partial.PublishAsync(new(FolderVictim.New, FolderVictim.Length));
        }

        await AssertWholeAsync(store);
        Assert.NotNull(await store.FindAsync(FolderVictim.New));
    }

    async Task AssertWholeAsync(FolderContentStore store)
    {
        var files = Directory.GetFiles(Path.Join(Folder, "content"), "*", SearchOption.AllDirectories);
        Assert.All(files, file => Assert.True(File.Exists(file.Replace(".groups", "", StringComparison.Ordinal))));
        await foreach (var info in store.ListAsync())
        {
            Assert.Equal(FolderVictim.Length, info.Length);
            Assert.Equal(FolderVictim.Bytes(FolderVictim.Length), await File.ReadAllBytesAsync(store.PathOf(info.Id)!));
        }
    }

    static async Task AssertOldAsync(FolderContentStore store) =>
        Assert.Equal(FolderVictim.Bytes(FolderVictim.Length), await File.ReadAllBytesAsync(store.PathOf(FolderVictim.Old)!));

    /// <summary>Runs the victim; 137 is killed.</summary>
    async Task<int> RunAsync(params string[] strace)
    {
        var start = new ProcessStartInfo("strace") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        string[] victim =
        [
            "dotnet", typeof(FolderVictim).Assembly.Location,
            "-method", $"{typeof(FolderVictim).FullName}.{nameof(FolderVictim.Publishes_and_deletes)}", "-explicit", "only",
        ];
        foreach (var argument in (string[])["-f", "-qq", "-E", $"{FolderVictim.FolderVariable}={Folder}", .. strace, .. victim])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start) ?? throw new InvalidOperationException("strace did not start.");
        var output = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.DoesNotContain("Total: 0", output[0], StringComparison.Ordinal);
        return process.ExitCode;
    }

    [GeneratedRegex(@"(\w+)\(")]
    private static partial Regex Call();

    [GeneratedRegex(@"(?<=["" <])/[^"">]+")]
    private static partial Regex Paths();
}
