using Sharing.Photos;
using Sharing.Testing;
using static Sharing.Tests.Photos.PhotoServer;

namespace Sharing.Tests.Photos;

public sealed class PhotoWatchTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task What_another_host_has_changed_is_seen_within_a_minute_also_where_its_notice_got_lost()
    {
        await using var server = await StartAsync();
        var (folders, time) = (server.Host.Get<IPhotoFolders>(), new FakeTimeProvider());
        var folder = await folders.CreateAsync(Anna, new() { Name = "Alps", Announced = 2 }, Cancel);
        await using var watching = new PhotoWatch(folders, server.Host.Get<IPhotoEntries>(), new Deaf(), time).WatchFolderAsync(Anna, folder.Id, Cancel).GetAsyncEnumerator(Cancel);
        Assert.True(await watching.MoveNextAsync());
        await server.UploadAsync(Anna, [1, 2, 3], ("folder", folder.Id.Value));
        var next = watching.MoveNextAsync().AsTask();
        while (!next.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(10));
            await Task.Delay(5, Cancel);
        }

        Assert.Equal(1, watching.Current.Arrived);
    }

    /// <summary>Answers once, and hears of nothing.</summary>
    sealed class Deaf : IRecordWatch
    {
        public async ValueTask<long> WaitAsync(string kind, long seen, CancellationToken cancellationToken = default)
        {
            await (seen == 0 ? Task.CompletedTask : Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken));
            return 1;
        }
    }
}
