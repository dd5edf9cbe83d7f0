using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Sharing.AspNetCore;
using Sharing.Core;
using Sharing.P2P;
using Sharing.Testing;
using Sharing.Tests.Hosting;
using Sharing.Trials.Index;

namespace Sharing.Tests.P2P.Index;

[Trait("Row", "D3")]
[Trait("Row", "D6")]
public sealed class MemoryChunkIndexTests : ChunkIndexSuite
{
    readonly TestShare _share = new();
    MemoryChunkIndex _index = null!;

    protected override Task<IndexUnderTest> CreateAsync()
    {
        var (time, options) = (new FakeTimeProvider(), new P2POptions());
        _index = new MemoryChunkIndex(_share.Keys(time), new FoundEverywhere(), Options.Create(options), time);
        return Task.FromResult(new IndexUnderTest
        {
            IndexOf = _ => _index, DeviceOf = TestShare.NameOf, SignAsync = _share.SignAsync, Content = _share.Content, Time = time, ConvergeAsync = static () => Task.CompletedTask,
            MembersPerAnswer = options.MembersPerAnswer,
        });
    }

    protected override ValueTask CleanUpAsync()
    {
        _index.Dispose();
        _share.Dispose();
        return default;
    }

    [Fact]
    public async Task A_ticket_that_was_checked_once_is_not_checked_again_until_it_expires()
    {
        var (checks, name) = (0, TestShare.NameOf(0));
        using var index = new MemoryChunkIndex(new Counting(_share.Keys(Subject.Time), () => checks++), new FoundEverywhere(), Options.Create(new P2POptions()), Subject.Time);
        var ticket = await TicketAsync(TimeSpan.FromHours(1));
        for (var version = 0; version < 5; version++)
        {
            await index.AnnounceAsync(_share.Content.Id, new() { Device = name, Version = version }, ticket, Cancel);
        }

        Assert.Equal(1, checks);
        await index.AnnounceAsync(_share.Content.Id, new() { Device = name, Version = 6 }, await TicketAsync(TimeSpan.FromHours(2)), Cancel);
        Assert.Equal(2, checks);
        Subject.Time.Advance(TimeSpan.FromHours(2));
        await Assert.ThrowsAsync<SharingException>(async () => await index.AnnounceAsync(_share.Content.Id, new() { Device = name, Version = 7 }, ticket, Cancel));

        Task<string> TicketAsync(TimeSpan life) =>
            _share.SignAsync(new() { Share = ShareId.New(), Content = _share.Content.Id, Length = _share.Content.Length, Device = name, Expires = Subject.Time.GetUtcNow() + life });
    }

    [Fact]
    public async Task A_ticket_that_expired_while_its_terminal_was_known_opens_nothing_any_more()
    {
        var name = TestShare.NameOf(0);
        var ticket = await _share.SignAsync(new()
        {
            Share = ShareId.New(), Content = _share.Content.Id, Length = _share.Content.Length, Device = name, Expires = Subject.Time.GetUtcNow() + (new P2POptions().AnnouncementLife / 2),
        });
        await _index.AnnounceAsync(_share.Content.Id, new() { Device = name }, ticket, Cancel);
        Subject.Time.Advance(new P2POptions().AnnouncementLife * 0.75);
        await Assert.ThrowsAsync<SharingException>(async () => await _index.AnnounceAsync(_share.Content.Id, new() { Device = name, Version = 1 }, ticket, Cancel));
    }

    [Fact]
    public async Task Who_is_late_is_named_no_more_at_once_and_counted_no_more_soon()
    {
        var life = (await AnnounceAsync(1)).AnnounceWithin;
        Subject.Time.Advance(life - TimeSpan.FromSeconds(1));
        Assert.Equal(TestShare.NameOf(1), Assert.Single((await AnnounceAsync(0)).Members).Device);
        Subject.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty((await AnnounceAsync(0)).Members);
        Subject.Time.Advance(life / 4);
        Assert.Equal(1, (await AnnounceAsync(0)).Count);

        async Task<SwarmView> AnnounceAsync(int terminal) => await _index.AnnounceAsync(
            _share.Content.Id,
            new() { Device = TestShare.NameOf(terminal), Addresses = ["127.0.0.1:7400"] },
            await _share.SignAsync(new()
            {
                Share = ShareId.New(), Content = _share.Content.Id, Length = _share.Content.Length, Device = TestShare.NameOf(terminal), Expires = Subject.Time.GetUtcNow() + TimeSpan.FromDays(1),
            }),
            Cancel);
    }

    sealed class Counting(ITicketKeys keys, Action told) : ITicketKeys
    {
        public ValueTask<ShareTicket?> CheckAsync(string ticket, ContentId content, CancellationToken cancellationToken = default)
        {
            told();
            return keys.CheckAsync(ticket, content, cancellationToken);
        }
    }
}

/// <summary>An index in a host of its own, that has the ticket keys of a shared-data server, which is another host.</summary>
[Trait("Row", "D6")]
public sealed class IndexServerTests : ChunkIndexSuite
{
    readonly List<SharingHost> _hosts = [];

    protected override async Task<IndexUnderTest> CreateAsync()
    {
        var time = new FakeTimeProvider();
        var data = await StartAsync(SharingRoles.Data, static sharing => sharing.AddSharedData());
        var index = await IndexServer.StartAsync(time, data.Address);
        _hosts.Add(index);
        var client = new HttpChunkIndex(index.Connect());
        return new IndexUnderTest
        {
            IndexOf = _ => client, DeviceOf = TestShare.NameOf, SignAsync = ticket => data.Get<TicketSigner>().SignAsync(ticket).AsTask(), Content = IndexServer.Content, Time = time,
            ConvergeAsync = static () => Task.CompletedTask, MembersPerAnswer = new P2POptions().MembersPerAnswer,
        };
    }

    async Task<SharingHost> StartAsync(SharingRoles roles, Action<SharingBuilder> configure)
    {
        var host = await SharingHost.StartAsync(configure, roles: roles);
        _hosts.Add(host);
        return host;
    }

    protected override async ValueTask CleanUpAsync()
    {
        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
        }
    }
}

/// <summary>Three index servers, and terminals that each keep an order of them.</summary>
[Trait("Row", "D6")]
public sealed class RendezvousChunkIndexTests : ChunkIndexSuite
{
    readonly List<SharingHost> _hosts = [];

    protected override async Task<IndexUnderTest> CreateAsync()
    {
        var time = new FakeTimeProvider();
        var data = await SharingHost.StartAsync(static sharing => sharing.AddSharedData(), roles: SharingRoles.Data);
        _hosts.Add(data);
        for (var i = 0; i < 3; i++)
        {
            _hosts.Add(await IndexServer.StartAsync(time, data.Address));
        }

        var servers = _hosts.Skip(1).Select(host => (host.Address, (IChunkIndex)new HttpChunkIndex(host.Connect()))).ToList();
        return new IndexUnderTest
        {
            IndexOf = _ => new RendezvousChunkIndex(servers, time, NullLogger<RendezvousChunkIndex>.Instance), DeviceOf = TestShare.NameOf,
            SignAsync = ticket => data.Get<TicketSigner>().SignAsync(ticket).AsTask(), Content = IndexServer.Content, Time = time, ConvergeAsync = static () => Task.CompletedTask,
            MembersPerAnswer = new P2POptions().MembersPerAnswer,
        };
    }

    protected override async ValueTask CleanUpAsync()
    {
        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
        }
    }
}

/// <summary>An index that its terminals keep among themselves; they know one of them to begin with.</summary>
[Trait("Row", "D6")]
public sealed class SpreadChunkIndexTests : ChunkIndexSuite
{
    readonly TestShare _share = new();
    readonly SpreadNet _net = new();

    protected override Task<IndexUnderTest> CreateAsync() => Task.FromResult(new IndexUnderTest
    {
        IndexOf = terminal => _net.At(terminal, _share).Index, DeviceOf = terminal => _net.At(terminal, _share).Device, SignAsync = _share.SignAsync, Content = _share.Content, Time = _net.Time,
        ConvergeAsync = () => _net.GoOnAsync(TimeSpan.FromSeconds(30)), MembersPerAnswer = new P2POptions().MembersPerAnswer, KnowsAll = false,
    });

    protected override async ValueTask CleanUpAsync()
    {
        await _net.DisposeAsync();
        _share.Dispose();
    }
}

static class IndexServer
{
    public static readonly ContentInfo Content = new(new ContentId([.. Enumerable.Repeat((byte)7, ContentId.Size)]), 64 * TestShare.ChunkSize);

    /// <summary>An index server that takes the tickets of a shared-data server.</summary>
    public static Task<SharingHost> StartAsync(TimeProvider time, Uri data) => SharingHost.StartAsync(
        sharing => sharing.AddChunkIndex(options => options.DataServers.Add(data)),
        services => services.AddSingleton(time).AddSingleton<IAddressProof>(new FoundEverywhere()),
        SharingRoles.Index);
}
