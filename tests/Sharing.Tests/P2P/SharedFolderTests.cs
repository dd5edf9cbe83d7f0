using System.Diagnostics;
using System.Globalization;
using Sharing.Core;
using Sharing.P2P;
using Sharing.Testing;
using Sharing.Tests.Content;
using Sharing.Tests.Hosting;
using Sharing.Trials.Scripted;

namespace Sharing.Tests.P2P;

/// <summary>Folders whose files go to the user's space by themselves.</summary>
public sealed class SharedFolderTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Trait("Row", "D1")]
    public async Task What_is_in_a_folder_and_what_comes_into_it_is_shared_and_nothing_that_is_hidden_unfinished_or_elsewhere()
    {
        await using var bench = await SwarmBench.StartAsync();
        await using var anna = await HomeTerminal.StartAsync(bench.Server.Address, SwarmBench.Anna);
        using var elsewhere = new TemporaryFolder();
        var bytes = Samples.Random(1, 200_000);
        Write("film.mkv", bytes);
        Write("series/one/1.mkv", Samples.Random(2, 70_000));
        Write(".hidden", bytes);
        Write(".git/config", bytes);
        Write("film.mkv.part", bytes);
        Write("other.crdownload", bytes);
        Write("~$text.doc", bytes);
        File.WriteAllBytes(elsewhere.Join("secret"), bytes);
        File.CreateSymbolicLink(_folder.Join("link"), elsewhere.Join("secret"));
        Directory.CreateSymbolicLink(_folder.Join("folder"), elsewhere.Path);
        await anna.Folders.AddAsync(SwarmBench.Anna, new() { Path = _folder.Path, Audience = Audience.Everyone });
        await anna.LookAsync();
        var files = await anna.FilesAsync();
        Assert.Equal(["film.mkv", "series/one/1.mkv"], files.Keys.Order(StringComparer.Ordinal));
        Assert.All(files.Values, static file => Assert.Equal((FolderFileState.Shared, file.Length), (file.State, file.Done)));
        Write("late.mkv", Samples.Random(3, 1));
        await anna.LookAsync();
        Assert.Equal(["1.mkv", "film.mkv", "late.mkv"], (await SharedAsync(bench)).Select(static file => file.Name).Order(StringComparer.Ordinal));
        await using var ben = await HomeTerminal.StartAsync(bench.Server.Address, PersonId.Parse("ben"));
        Assert.Equal(bytes, await ben.GetAsync(ShareLink.Parse(files["film.mkv"].Link!)));
        Assert.Null(await anna.Get<IContentStore>().FindAsync(Samples.IdOf(bytes))); // no second copy on the sharer's disk
    }

    [Fact]
    [Trait("Row", "D1")]
    public async Task An_unchanged_a_touched_and_a_renamed_file_is_not_uploaded_again_and_a_changed_one_replaces_what_it_was()
    {
        await using var bench = await SwarmBench.StartAsync();
        await using var anna = await HomeTerminal.StartAsync(bench.Server.Address, SwarmBench.Anna);
        Write("film.mkv", Samples.Random(1, 200_000));
        await anna.Folders.AddAsync(SwarmBench.Anna, new() { Path = _folder.Path });
        await anna.LookAsync();
        var first = (await anna.FilesAsync())["film.mkv"].Share!.Value;
        await anna.LookAsync();
        File.SetLastWriteTimeUtc(_folder.Join("film.mkv"), DateTime.UtcNow.AddSeconds(5));
        await anna.LookAsync();
        Directory.CreateDirectory(_folder.Join("films"));
        File.Move(_folder.Join("film.mkv"), _folder.Join("films", "renamed.mkv"));
        await anna.LookAsync();
        await anna.LookAsync();
        var renamed = Assert.Single(await anna.FilesAsync());
        Assert.Equal(("films/renamed.mkv", first, FolderFileState.Shared), (renamed.Key, renamed.Value.Share, renamed.Value.State));
        Assert.Single(Begun(bench));
        Assert.NotNull(await anna.Get<FileLinks>().FindAsync(Samples.IdOf(Samples.Random(1, 200_000)))); // given from where it is now

        Write("films/renamed.mkv", Samples.Random(2, 300_000));
        await anna.LookAsync();
        var changed = Assert.Single(await anna.FilesAsync()).Value;
        Assert.NotEqual(first, changed.Share);
        Assert.Equal([changed.Share!.Value], (await SharedAsync(bench)).Select(static file => file.Id));
        Assert.Equal(2, Begun(bench).Count);
        Assert.Equal(300_000, await bench.Server.Get<SpaceLedger>().UsedAsync(SwarmBench.Anna));
        Assert.Null(await anna.Get<FileLinks>().FindAsync(Samples.IdOf(Samples.Random(1, 200_000))));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Row", "D1")]
    public async Task A_deleted_file_stays_shared_unless_the_folder_says_otherwise_and_a_folder_that_is_gone_deletes_nothing(bool removes)
    {
        await using var bench = await SwarmBench.StartAsync();
        await using var anna = await HomeTerminal.StartAsync(bench.Server.Address, SwarmBench.Anna);
        var shared = _folder.Join("shared");
        Write("shared/film.mkv", Samples.Random(1, 200_000));
        await anna.Folders.AddAsync(SwarmBench.Anna, new() { Path = shared, RemovesDeleted = removes });
        await anna.LookAsync();
        Directory.Move(shared, shared + "-unplugged");
        await anna.LookAsync();
        Assert.Equal(FolderFileState.Shared, Assert.Single(await anna.FilesAsync()).Value.State);
        Directory.Move(shared + "-unplugged", shared);
        File.Delete(Path.Combine(shared, "film.mkv"));
        await anna.LookAsync();
        Assert.Equal(removes ? 0 : 1, (await SharedAsync(bench)).Count);
        Assert.Equal(removes ? [] : [FolderFileState.Deleted], (await anna.FilesAsync()).Values.Select(static file => file.State));
    }

    [Fact]
    [Trait("Row", "D1")]
    public async Task A_file_that_is_still_being_written_is_left_until_it_rests_and_what_no_event_told_of_is_found()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var bench = await SwarmBench.StartAsync();
        await using var anna = await HomeTerminal.StartAsync(bench.Server.Address, SwarmBench.Anna, time: time, folders: static options => options.RestFor = TimeSpan.FromSeconds(2));
        await anna.Folders.AddAsync(SwarmBench.Anna, new() { Path = _folder.Path });
        Write("film.mkv", Samples.Random(1, 1000)); // nothing watches here
        var due = await anna.LookAsync();
        Assert.Equal(time.GetUtcNow() + TimeSpan.FromSeconds(2), due);
        Assert.All((await anna.FilesAsync()).Values, static file => Assert.Equal((FolderFileState.Waiting, null), (file.State, file.Link)));
        time.Advance(TimeSpan.FromSeconds(1.9));
        Write("film.mkv", Samples.Random(1, 2000));
        await anna.LookAsync();
        time.Advance(TimeSpan.FromSeconds(1.9));
        await anna.LookAsync();
        Assert.Empty(Begun(bench));
        time.Advance(TimeSpan.FromSeconds(0.1));
        await anna.LookAsync();
        Assert.Equal(2000, Assert.Single(await SharedAsync(bench)).Length);
    }

    [Fact]
    [Trait("Row", "D1")]
    public async Task Events_and_looks_from_time_to_time_find_what_comes_in_the_background()
    {
        await using var bench = await SwarmBench.StartAsync();
        await using var anna = await HomeTerminal.StartAsync(
            bench.Server.Address, SwarmBench.Anna, works: true, folders: static options => (options.Watches, options.RestFor) = (true, TimeSpan.FromMilliseconds(100)));
        await anna.Folders.AddAsync(SwarmBench.Anna, new() { Path = _folder.Path });
        Write("deep/er/film.mkv", Samples.Random(1, 200_000));
        await UntilAsync(anna, static files => files is [{ State: FolderFileState.Shared }]);
        await using var ben = await HomeTerminal.StartAsync( // no event at all
            bench.Server.Address, PersonId.Parse("ben"), works: true, folders: static options => options.LookEvery = TimeSpan.FromMilliseconds(200));
        using var own = new TemporaryFolder();
        await ben.Folders.AddAsync(ben.Person, new() { Path = own.Path });
        File.WriteAllBytes(own.Join("late.mkv"), Samples.Random(2, 200_000));
        await UntilAsync(ben, static files => files is [{ State: FolderFileState.Shared }]);
    }

    [Fact]
    [Trait("Row", "D1")]
    public async Task An_upload_that_another_host_holds_is_tried_again_soon()
    {
        await using var bench = await SwarmBench.StartAsync();
        await using var faults = new FaultServer(bench.Server.Address)
        {
            Counts = static (method, _) => method == "PATCH",
            Otherwise = static () => new(NetworkFaultKind.Answers, "HTTP/1.1 423 Locked\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
        };
        await using var anna = await HomeTerminal.StartAsync(faults.Address, SwarmBench.Anna);
        Write("1.mkv", Samples.Random(1, 100_000));
        await anna.Folders.AddAsync(SwarmBench.Anna, new() { Path = _folder.Path });
        await anna.LookAsync();
        var file = Assert.Single((await anna.FilesAsync()).Values);
        Assert.Equal((FolderFileState.Failed, ProblemCodes.UploadInterrupted), (file.State, file.Failure));
        Assert.True(file.Again - TimeProvider.System.GetUtcNow() < TimeSpan.FromSeconds(31), $"{file.Again}");
    }

    [Fact]
    [Trait("Row", "D1")]
    public async Task A_refusal_is_told_for_its_file_and_tried_again_later_and_others_go_on()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var bench = await SwarmBench.StartAsync(static sharing => sharing.WithUploads(static uploads => (uploads.SpacePerPerson, uploads.MaxLength) = (500_000, 400_000)));
        await using var anna = await HomeTerminal.StartAsync(bench.Server.Address, SwarmBench.Anna, time: time);
        Write("1.mkv", Samples.Random(1, 300_000));
        Write("2.mkv", Samples.Random(2, 300_000));
        Write("3.mkv", Samples.Random(3, 450_000));
        Write("4.mkv", Samples.Random(4, 100_000));
        await anna.Folders.AddAsync(SwarmBench.Anna, new() { Path = _folder.Path });
        var due = await anna.LookAsync();
        var files = await anna.FilesAsync();
        Assert.Single(files.Values, static file => file is { Length: 300_000, State: FolderFileState.Shared });
        var full = Assert.Single(files.Values, static file => file is { Length: 300_000, State: FolderFileState.Failed });
        Assert.Equal((ProblemCodes.QuotaExceeded, time.GetUtcNow().AddMinutes(15)), (full.Failure, full.Again));
        Assert.Equal(ProblemCodes.TooLarge, files["3.mkv"].Failure);
        Assert.Equal(FolderFileState.Shared, files["4.mkv"].State);
        var asked = bench.Server.Get<AskedForContent>().Uploads.Count;
        await anna.LookAsync();
        Assert.Equal(asked, bench.Server.Get<AskedForContent>().Uploads.Count); // not before its time
        Assert.Equal(full.Again, due);
        await bench.Server.Get<IShares>().RemoveAsync(SwarmBench.Anna, (await SharedAsync(bench)).Single(static file => file.Length == 300_000).Id);
        time.Advance(TimeSpan.FromMinutes(15));
        await anna.LookAsync();
        Assert.Equal(FolderFileState.Shared, (await anna.FilesAsync())[full.Path].State);
    }

    [Fact]
    [Trait("Row", "D1")]
    public async Task A_killed_terminal_goes_on_from_where_the_server_stands()
    {
        await using var bench = await SwarmBench.StartAsync();
        var bytes = Samples.Random(1, 24 * 1024 * 1024);
        Write("shared/film.mkv", bytes);
        long before;
        using (var child = Child(bench, 6_000_000))
        {
            do
            {
                before = await NextAsync(child);
            }
            while (before is >= 0 and < 4 * 1024 * 1024);
            child.Kill();
            await child.WaitForExitAsync();
        }

        using (var child = Child(bench, 0))
        {
            while (await NextAsync(child) >= 0)
            {
            }

            child.Kill();
            await child.WaitForExitAsync();
        }

        var requests = bench.Server.Get<AskedForContent>().Uploads;
        Assert.Single(requests, static request => request.Method == "POST");
        var last = requests.Last(static request => request.Method == "PATCH");
        Assert.InRange(long.Parse(last.Offset!, CultureInfo.InvariantCulture), 1024 * 1024, bytes.Length);
        var share = Assert.Single(await SharedAsync(bench));
        Assert.Equal((Samples.IdOf(bytes), (long)bytes.Length), (share.Content, share.Length));
    }

    [Fact]
    [Trait("Row", "D1")]
    public async Task Of_two_folders_in_each_other_and_of_one_that_is_not_there_it_is_said()
    {
        await using var bench = await SwarmBench.StartAsync();
        await using var anna = await HomeTerminal.StartAsync(bench.Server.Address, SwarmBench.Anna);
        Directory.CreateDirectory(_folder.Join("in"));
        await anna.Folders.AddAsync(SwarmBench.Anna, new() { Path = _folder.Join("in") });
        foreach (var path in new[] { _folder.Path, _folder.Join("not there") })
        {
            Assert.Equal(ProblemCodes.InvalidInput, (await Assert.ThrowsAsync<SharingException>(() => anna.Folders.AddAsync(SwarmBench.Anna, new() { Path = path }))).Code);
        }

        Assert.False(await anna.Folders.StopAsync(PersonId.Parse("ben"), _folder.Join("in")));
        Assert.True(await anna.Folders.StopAsync(SwarmBench.Anna, _folder.Join("in")));
        Assert.Empty(await anna.Folders.ListAsync(SwarmBench.Anna).ToListAsync());
    }

    Process Child(SwarmBench bench, long rate) => Process.Start(new ProcessStartInfo(
        "dotnet",
        [
            Path.Combine(AppContext.BaseDirectory, "Sharing.Tests.Child.dll"), "folder", _folder.Join("data"), _folder.Join("shared"), bench.Server.Address.ToString(),
            SharingHost.TokenOf(SwarmBench.Anna), rate.ToString(CultureInfo.InvariantCulture),
        ])
    {
        UseShellExecute = false, RedirectStandardOutput = true,
    })!;

    /// <summary>How many bytes it has sent; -1: all is shared, or it has ended.</summary>
    static async Task<long> NextAsync(Process child) =>
        await child.StandardOutput.ReadLineAsync().WaitAsync(SwarmBench.Patience) is { } line && long.TryParse(line, CultureInfo.InvariantCulture, out var done) ? done : -1;

    static async Task UntilAsync(HomeTerminal terminal, Func<List<FolderFile>, bool> enough)
    {
        using var patience = new CancellationTokenSource(SwarmBench.Patience);
        while (!enough(await terminal.Folders.FilesAsync(terminal.Person).ToListAsync(patience.Token)))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, patience.Token);
        }
    }

    static List<string> Begun(SwarmBench bench) => [.. bench.Server.Get<AskedForContent>().Uploads.Where(static request => request.Method == "POST").Select(static request => request.Path)];

    static async Task<List<SharedFile>> SharedAsync(SwarmBench bench) => await bench.Server.Get<IShares>().ListAsync(SwarmBench.Anna).ToListAsync();

    void Write(string path, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.Join(path))!);
        File.WriteAllBytes(_folder.Join(path), bytes);
    }
}
