using Microsoft.Extensions.DependencyInjection;
using Sharing.Core;
using Sharing.Offline;
using Sharing.Testing;
using Sharing.Tests.Content;
using Sharing.Tests.Hosting;

namespace Sharing.Tests.Library;

/// <summary>What a host did that ended without a word is gone on with by another within fifteen seconds.</summary>
public sealed class TakeOverTests : IAsyncLifetime
{
    static readonly TimeSpan s_most = TimeSpan.FromSeconds(15);

    readonly FakeTimeProvider _time = new();
    readonly TemporaryFolder _folder = new();
    readonly MemoryRecordStore _records = new();
    Origin _origin = null!;
    ServiceProvider _host = null!;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _origin = await Origin.StartAsync();
        _host = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(_time).AddKeyedSingleton<IRecordStore>("driver", _records).AddSharing(sharing => sharing
            .UseContentFolder(_folder.Path)
            .WithFetching(static fetching => fetching.Configured.Add("127.0.0.1"))
            .AddDownloadServer()).BuildServiceProvider();
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _origin.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>The clock as the dead host saw it: it stands still, and nothing is renewed.</summary>
    async Task LeaveLeaseAsync(string name, TimeSpan duration) =>
        Assert.NotNull(await new Leases(_records, new FakeTimeProvider(_time.GetUtcNow())).TryAcquireAsync(name, duration, Cancel));

    async Task<TimeSpan> UntilAsync(Func<Task<bool>> isDone)
    {
        var began = _time.GetUtcNow();
        while (!await isDone())
        {
            Assert.True(_time.GetUtcNow() - began < TimeSpan.FromMinutes(5));
            _time.Advance(TimeSpan.FromSeconds(0.5));
        }

        return _time.GetUtcNow() - began;
    }

    [Fact(Timeout = 60_000)]
    public async Task Another_host_sweeps()
    {
        var service = _host.GetRequiredService<SweepService>();
        await LeaveLeaseAsync("sweep", SweepService.LeaseTime);
        Assert.False(await service.SweepOnceAsync(Cancel));
        Assert.InRange(await UntilAsync(() => service.SweepOnceAsync(Cancel)), TimeSpan.FromSeconds(1), s_most);
    }

    [Fact(Timeout = 60_000)]
    public async Task Another_host_fetches()
    {
        var bytes = new byte[100_000];
        var library = _host.GetRequiredService<IOfflineStore>();
        var item = await library.KeepAsync(PersonId.Parse("anna"), new() { Address = _origin.Serve("film", bytes), Name = "film" }, Cancel);
        await LeaveLeaseAsync("ingest-" + item.Id, new OfflineOptions().WorkLease);
        var ingest = _host.GetRequiredService<OfflineIngest>();
        Assert.InRange(
            await UntilAsync(async () =>
            {
                await ingest.RunOnceAsync(Cancel);
                return (await library.FindAsync(PersonId.Parse("anna"), item.Id, Cancel))?.State == OfflineState.Stored;
            }),
            TimeSpan.FromSeconds(1),
            s_most);
    }
}
