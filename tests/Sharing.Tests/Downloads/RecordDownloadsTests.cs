using Sharing.Core;
using Sharing.Offline;
using static Sharing.Tests.Downloads.DownloadsBench;

namespace Sharing.Tests.Downloads;

[Trait("Row", "R1")]
public sealed class RecordDownloadsTests
{
    [Fact]
    public async Task Adding_with_one_key_again_is_the_same_item_and_with_another_key_another()
    {
        await using var bench = new DownloadsBench();
        await bench.StartAsync(run: false);
        Task<DownloadItem> Add(string? key, string name = "film.webm") =>
            bench.Downloads.AddAsync(Anna, new() { Address = new("https://example.org/film.webm"), Name = name, Key = key });
        var first = await Add("one");
        Assert.Equal(first.Id, (await Add("one")).Id);
        Assert.Equal(3, new[] { first.Id, (await Add("two")).Id, (await Add(null)).Id }.Distinct().Count());
        Assert.Equal(ProblemCodes.KeyReused, (await Assert.ThrowsAsync<SharingException>(() => Add("one", "other.webm"))).Code);
        Assert.Equal(ProblemCodes.InvalidInput, (await Assert.ThrowsAsync<SharingException>(() => Add(""))).Code);
        await bench.Downloads.ChangeAsync(Anna, first.Id, DownloadCommand.Cancel);
        Assert.NotEqual(first.Id, (await Add("one")).Id); // what was cancelled is not there again, but anew
    }

    [Fact]
    public async Task Items_are_numbered_from_one_and_everybody_has_a_list_of_his_own()
    {
        await using var bench = new DownloadsBench();
        await bench.StartAsync(run: false);

        var first = await bench.AddAsync(new("https://example.org/a"));
        var second = await bench.AddAsync(new("https://example.org/b"));
        var berts = await bench.Downloads.AddAsync(Bert, new DownloadRequest { Address = new("https://example.org/c") });

        Assert.Equal([1, 2, 1], [first.Id.Number, second.Id.Number, berts.Id.Number]);
        Assert.Equal([first, second], await bench.Downloads.ListAsync(Anna).ToListAsync());
        Assert.Null(await bench.Downloads.ChangeAsync(Bert, second.Id, DownloadCommand.Cancel));
        Assert.Null(await bench.Downloads.ShareAsync(Bert, second.Id, new ShareOptions()));
    }

    [Theory]
    [InlineData("ftp://example.org/a")]
    [InlineData("https://anna:secret@example.org/a")]
    [InlineData("/relative")]
    public async Task What_is_no_plain_web_address_is_refused(string address)
    {
        await using var bench = new DownloadsBench();
        await bench.StartAsync(run: false);

        var fault = await Assert.ThrowsAsync<SharingException>(() => bench.AddAsync(new(address, UriKind.RelativeOrAbsolute)));

        Assert.Equal(ProblemCodes.InvalidInput, fault.Code);
        Assert.Empty(await bench.Downloads.ListAsync(Anna).ToListAsync());
    }

    [Fact]
    public async Task A_download_is_watched_to_its_end_and_saved_under_its_name()
    {
        await using var origin = await HalfwayOrigin.StartAsync(stops: false);
        await using var bench = new DownloadsBench();
        await bench.StartAsync();
        var added = await bench.AddAsync(origin.Address());

        var last = await bench.Downloads.WatchAsync(Anna, added.Id).LastAsync();

        Assert.Equal(DownloadState.Finished, last.State);
        Assert.Equal(origin.Bytes.Length, last.Done);
        Assert.Equal(Path.Combine(bench.Saved, "film.webm"), last.SavedAs);
        Assert.Equal(origin.Bytes, await File.ReadAllBytesAsync(last.SavedAs!));
    }

    [Fact]
    public async Task Pausing_keeps_what_is_there_and_resuming_goes_on_from_it()
    {
        await using var origin = await HalfwayOrigin.StartAsync();
        await using var bench = new DownloadsBench();
        await bench.StartAsync();
        var id = (await bench.AddAsync(origin.Address())).Id;
        await bench.WhenAsync(id, item => item.Done >= 1024 * 1024);

        await bench.Downloads.ChangeAsync(Anna, id, DownloadCommand.Pause);
        Assert.Equal(DownloadState.Paused, (await bench.Downloads.WatchAsync(Anna, id).LastAsync()).State);
        origin.GoOn();
        await bench.StartAsync();
        var paused = await bench.FindAsync(id);
        Assert.True(paused is { State: DownloadState.Paused, Done: >= 1024 * 1024, Resource.Length: 4 * 1024 * 1024 }, $"{paused}");
        Assert.Equal([0L], origin.Offsets);

        await bench.Downloads.ChangeAsync(Anna, id, DownloadCommand.Resume);
        var finished = await bench.WhenAsync(id, item => item.State == DownloadState.Finished);

        Assert.True(origin.Offsets.Last() >= 1024 * 1024);
        Assert.Equal(origin.Bytes, await File.ReadAllBytesAsync(finished.SavedAs!));
    }

    [Fact]
    public async Task What_ran_when_the_host_ended_goes_on_when_it_starts_again()
    {
        await using var origin = await HalfwayOrigin.StartAsync();
        await using var bench = new DownloadsBench();
        await bench.StartAsync();
        var id = (await bench.AddAsync(origin.Address())).Id;
        await bench.WhenAsync(id, item => item.Done >= 1024 * 1024);

        await bench.StopAsync();
        origin.GoOn();
        await bench.StartAsync();
        var finished = await bench.WhenAsync(id, item => item.State == DownloadState.Finished);

        Assert.True(origin.Offsets.Last() >= 1024 * 1024);
        Assert.Equal(origin.Bytes, await File.ReadAllBytesAsync(finished.SavedAs!));
    }

    [Fact]
    public async Task Cancelling_removes_the_item_and_what_it_has_fetched()
    {
        await using var origin = await HalfwayOrigin.StartAsync();
        await using var bench = new DownloadsBench();
        await bench.StartAsync();
        var id = (await bench.AddAsync(origin.Address())).Id;
        await bench.WhenAsync(id, item => item.Done >= 1024 * 1024);

        Assert.NotNull(await bench.Downloads.ChangeAsync(Anna, id, DownloadCommand.Cancel));
        await foreach (var item in bench.Downloads.WatchAsync(Anna, id))
        {
            Assert.Fail($"{item}");
        }

        await bench.StopAsync();
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(bench.Saved, "..", "data", "content", "partial")));
        await bench.StartAsync();
        Assert.Null(await bench.Downloads.ChangeAsync(Anna, id, DownloadCommand.Resume));
        Assert.Equal(2, (await bench.AddAsync(origin.Address())).Id.Number);
    }

    [Fact]
    public async Task Cancelling_what_begins_to_run_at_the_same_moment_is_no_conflict()
    {
        await using var bench = new DownloadsBench();
        await bench.StartAsync(run: false);
        var id = (await bench.AddAsync(new("https://example.org/a"))).Id;
        var item = await bench.Get<IRecordStore>().GetAsync(StoredDownload.KeyOf(Anna, id), OfflineJson.Default.StoredDownload);
        await using var running = await bench.Get<IContentStore>().OpenPartialAsync(item!.Value.TransferKey);

        Assert.NotNull(await bench.Downloads.ChangeAsync(Anna, id, DownloadCommand.Cancel));
        Assert.Empty(await bench.Downloads.ListAsync(Anna).ToListAsync());
    }

    [Fact]
    public async Task A_place_that_becomes_free_is_taken_at_once()
    {
        await using var origin = await HalfwayOrigin.StartAsync(stops: false);
        await using var bench = new DownloadsBench();
        await bench.StartAsync();
        var items = new List<DownloadItem>();
        for (var i = 0; i < 10; i++)
        {
            items.Add(await bench.AddAsync(origin.Address($"{i}.webm")));
        }

        await bench.WhenAsync(items[^1].Id, item => item.State == DownloadState.Finished);
        Assert.Equal(10, Directory.GetFiles(bench.Saved).Length);
    }

    [Fact]
    public async Task What_cannot_be_fetched_fails_with_its_reason_and_can_be_tried_again()
    {
        await using var origin = await HalfwayOrigin.StartAsync(stops: false);
        await using var bench = new DownloadsBench();
        await bench.StartAsync();
        var id = (await bench.AddAsync(new("http://192.0.2.1:81/private"))).Id;

        var failed = await bench.WhenAsync(id, item => item.State == DownloadState.Failed);

        Assert.Contains(failed.Failure, new[] { ProblemCodes.NoSource, ProblemCodes.FetchFailed });
        Assert.Equal(DownloadState.Running, (await bench.Downloads.ChangeAsync(Anna, id, DownloadCommand.Resume))!.State);
    }
}
