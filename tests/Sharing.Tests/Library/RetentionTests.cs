using Microsoft.Extensions.DependencyInjection;
using Sharing.Core;
using Sharing.Offline;
using Sharing.Testing;
using Sharing.Tests.Content;
using Sharing.Tests.Hosting;

namespace Sharing.Tests.Library;

[Trait("Row", "R9")]
public sealed class RetentionTests : IAsyncLifetime
{
    static readonly TimeSpan Retention = TimeSpan.FromDays(30), Grace = TimeSpan.FromHours(24), Tick = TimeSpan.FromMilliseconds(1);
    static readonly PersonId Anna = PersonId.Parse("anna"), Ben = PersonId.Parse("ben");

    readonly FakeTimeProvider _time = new();
    readonly TemporaryFolder _folder = new();
    readonly byte[] _bytes = new byte[500_000];
    Origin _origin = null!;
    ServiceProvider _services = null!;

    IOfflineStore Library => _services.GetRequiredService<IOfflineStore>();

    IPosts Posts => _services.GetRequiredService<IPosts>();

    public async ValueTask InitializeAsync()
    {
        new Random(9).NextBytes(_bytes);
        _origin = await Origin.StartAsync();
        _services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(_time).AddSharing(sharing => sharing
            .UseContentFolder(_folder.Path)
            .WithFetching(fetching => fetching.Configured.Add("127.0.0.1"))
            .WithSweep(sweep => sweep.Grace = Grace)
            .AddDownloadServer(offline => offline.Retention = Retention)).BuildServiceProvider();
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _origin.DisposeAsync();
        _folder.Dispose();
    }

    async Task<ResourceId> KeepAsync(string name, PersonId? person = null)
    {
        var item = await Library.KeepAsync(person ?? Anna, new() { Address = _origin.Serve(name, _bytes), Name = name });
        while (await _services.GetRequiredService<OfflineIngest>().RunOnceAsync())
        {
        }

        return item.Id;
    }

    async Task SweepAsync() => Assert.True(await _services.GetRequiredService<SweepService>().SweepOnceAsync());

    async Task SweepAfterAsync(TimeSpan span)
    {
        _time.Advance(span);
        await SweepAsync();
    }

    long UsedBytes() => Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length);

    [Fact]
    public async Task A_resource_stays_for_its_retention_and_its_space_is_free_a_grace_after_that()
    {
        await SweepAsync();
        var before = UsedBytes();
        var id = await KeepAsync("film");
        var item = await Library.FindAsync(Anna, id);
        Assert.Equal((OfflineState.Stored, _time.GetUtcNow() + Retention), (item!.State, item.ExpiresAt!.Value));
        await SweepAfterAsync(Retention - Tick);
        Assert.NotNull(await Library.FindAsync(Anna, id));
        await SweepAfterAsync(Tick);
        Assert.Null(await Library.FindAsync(Anna, id));
        Assert.Null(await Library.OpenAsync(Anna, id));
        Assert.Empty(await Library.ListAsync(Anna).ToListAsync());
        Assert.True(UsedBytes() > _bytes.Length, "Until the grace is over it can be revived.");
        await SweepAfterAsync(Grace + Tick);
        await SweepAsync();
        Assert.InRange(UsedBytes() - before, 0, 4096);
        Assert.Empty(await _services.GetRequiredService<IContentStore>().ListAsync().ToListAsync());
    }

    [Fact]
    public async Task Whoever_is_in_the_middle_of_it_reads_to_the_end()
    {
        var id = await KeepAsync("film");
        await using var reader = await Library.OpenAsync(Anna, id);
        var begin = new byte[1000];
        await reader!.ReadAsync(ContentArea.Data, 0, begin);
        await SweepAfterAsync(Retention + Tick);
        await SweepAfterAsync(Grace + Tick);
        Assert.Empty(await _services.GetRequiredService<IContentStore>().ListAsync().ToListAsync());
        using var all = new MemoryStream();
        var buffer = new byte[70_000];
        while (await reader.ReadAsync(ContentArea.Data, all.Length, buffer) is > 0 and var read)
        {
            all.Write(buffer, 0, read);
        }

        Assert.Equal(_bytes, all.ToArray());
    }

    [Fact]
    public async Task The_same_bytes_at_another_address_keep_the_content_until_they_go_too()
    {
        var first = await KeepAsync("film");
        _time.Advance(TimeSpan.FromDays(20));
        var second = await KeepAsync("the-same-film");
        Assert.Single(await _services.GetRequiredService<IContentStore>().ListAsync().ToListAsync());
        await SweepAfterAsync(TimeSpan.FromDays(10) + Tick);
        await SweepAfterAsync(Grace + Tick);
        Assert.Null(await Library.FindAsync(Anna, first));
        await using (var reader = await Library.OpenAsync(Anna, second))
        {
            Assert.Equal(_bytes.Length, reader!.Info.Length);
        }

        await SweepAfterAsync(TimeSpan.FromDays(20));
        await SweepAfterAsync(Grace + Tick);
        Assert.Empty(await _services.GetRequiredService<IContentStore>().ListAsync().ToListAsync());
    }

    [Fact]
    public async Task All_holders_lose_it_at_once_and_a_later_one_does_not_make_it_stay_longer()
    {
        var id = await KeepAsync("film");
        _time.Advance(TimeSpan.FromDays(29));
        Assert.Equal(id, await KeepAsync("film", Ben));
        await SweepAfterAsync(TimeSpan.FromDays(1));
        Assert.Null(await Library.FindAsync(Anna, id));
        Assert.Null(await Library.FindAsync(Ben, id));
        Assert.Equal(1, _origin.DownloadsOf(_origin.Serve("film", null)));
    }

    [Fact]
    public async Task What_is_asked_for_again_is_fetched_again_and_stays_for_a_whole_retention()
    {
        var id = await KeepAsync("film");
        await SweepAfterAsync(Retention);
        await KeepAsync("film");
        Assert.Equal(_time.GetUtcNow() + Retention, (await Library.FindAsync(Anna, id))!.ExpiresAt);
        Assert.Equal(2, _origin.DownloadsOf(_origin.Serve("film", null)));
        await SweepAfterAsync(Grace + Tick);
        await using var reader = await Library.OpenAsync(Anna, id);
        Assert.NotNull(reader);
    }

    [Fact]
    public async Task What_was_dropped_and_kept_anew_is_not_deleted_at_the_first_ones_time()
    {
        var id = await KeepAsync("film");
        _time.Advance(TimeSpan.FromDays(10));
        Assert.True(await Library.RemoveAsync(Anna, id));
        await KeepAsync("film");
        var gone = await ((OfflineLibrary)Library).ExpireAsync(_ => { });
        Assert.Empty(gone);
        _time.Advance(TimeSpan.FromDays(20));
        Assert.Empty(await ((OfflineLibrary)Library).ExpireAsync(_ => { }));
        Assert.NotNull(await Library.FindAsync(Anna, id));
        _time.Advance(TimeSpan.FromDays(10));
        Assert.Equal([id], await ((OfflineLibrary)Library).ExpireAsync(_ => { }));
    }

    [Fact]
    public async Task A_post_outlives_its_resource_in_the_library()
    {
        var post = await Posts.ShareAsync(Anna, new() { Resource = new() { Address = _origin.Serve("film", _bytes), Name = "film" }, Audience = Audience.Everyone });
        await _services.GetRequiredService<KeepWork>().RunOnceAsync();
        await _services.GetRequiredService<OfflineIngest>().RunOnceAsync();
        Assert.Equal(OfflineState.Stored, (await Posts.FindAsync(null, post.Id))!.Library);
        await SweepAfterAsync(Retention);
        var later = await Posts.FindAsync(null, post.Id);
        Assert.Null(later!.Library);
        Assert.Null(await _services.GetRequiredService<IPostContent>().OpenAsync(null, post.Id));
    }
}
