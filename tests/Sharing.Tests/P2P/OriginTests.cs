using System.Net;
using Microsoft.Extensions.Options;
using Sharing.Core;
using Sharing.P2P;
using Sharing.Testing;
using Sharing.Tests.Content;
using Sharing.Trials.Scripted;

namespace Sharing.Tests.P2P;

/// <summary>What every way from the sharer's terminal to the bytes must do (row D2): one suite for being led to the server, and for having it deliver.</summary>
public abstract class OriginSuite(OriginUse way) : IDisposable
{
    static readonly byte[] s_bytes = Samples.Random(1, (3 * 1024 * 1024) + 7);

    readonly TemporaryFolder _folder = new();

    static PersonId Ben { get; } = PersonId.Parse("ben");

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    [Trait("Row", "D2")]
    public async Task Whoever_asks_the_sharers_terminal_ends_with_the_bytes_and_then_it_may_be_off()
    {
        await using var bench = await SwarmBench.StartAsync();
        await using var anna = await HomeTerminal.StartAsync(bench.Server.Address, SwarmBench.Anna);
        await using var ben = await HomeTerminal.StartAsync(bench.Server.Address, Ben);
        var link = await ShareAsync(anna, Audience.Everyone);
        var opened = (await ben.OpenAsync(link, way))!;
        await anna.StopAsync();
        Assert.Equal(s_bytes, await ben.EndAsync(await ben.FetchAsync(opened)));
        Assert.Equal(await ben.Get<DeviceIdentity>().NameAsync(), Tickets.Read(opened.Manifest.Ticket, opened.Manifest.TicketKey, DateTimeOffset.UtcNow)!.Device);
    }

    [Fact]
    [Trait("Row", "D2")]
    public async Task What_is_for_friends_reaches_a_friend_and_nobody_who_calls_himself_one()
    {
        await using var bench = await SwarmBench.StartAsync();
        await using var anna = await HomeTerminal.StartAsync(bench.Server.Address, SwarmBench.Anna);
        await using var ben = await HomeTerminal.StartAsync(bench.Server.Address, Ben);
        await using var mallory = await HomeTerminal.StartAsync(bench.Server.Address, PersonId.Parse("mallory"));
        var relationships = bench.Server.Get<IRelationships>();
        await relationships.BefriendAsync(SwarmBench.Anna, Ben, true);
        await relationships.BefriendAsync(Ben, SwarmBench.Anna, true);
        foreach (var terminal in new[] { ben, mallory })
        {
            await terminal.Get<ShareServers>().DeliveriesAt(bench.Server.Address).RegisterAsync(terminal.Person, await terminal.Get<DeviceIdentity>().NameAsync());
        }

        var link = await ShareAsync(anna, Audience.Friends);
        Assert.Equal(s_bytes, await ben.GetAsync(link, way));
        Assert.Null(await mallory.OpenAsync(link, way));
        if (way == OriginUse.HaveDelivered)
        {
            Assert.Null(await mallory.Get<ShareOpener>().OpenAsync(Ben, link, way)); // calls himself Ben, at his own terminal
        }
    }

    [Fact]
    [Trait("Row", "D2")]
    public async Task What_it_does_not_share_is_not_there()
    {
        await using var bench = await SwarmBench.StartAsync();
        await using var anna = await HomeTerminal.StartAsync(bench.Server.Address, SwarmBench.Anna);
        await using var ben = await HomeTerminal.StartAsync(bench.Server.Address, Ben);
        var link = await ShareAsync(anna, Audience.Everyone);
        Assert.Null(await ben.OpenAsync(link with { Share = ShareId.New() }, way));
    }

    async Task<ShareLink> ShareAsync(HomeTerminal anna, Audience audience)
    {
        await File.WriteAllBytesAsync(_folder.Join("film.mkv"), s_bytes);
        await anna.Folders.AddAsync(anna.Person, new() { Path = _folder.Path, Audience = audience });
        await anna.LookAsync();
        return ShareLink.Parse(Assert.Single(await anna.FilesAsync()).Value.Link!);
    }
}

public sealed class FollowedOriginTests() : OriginSuite(OriginUse.Follow);

public sealed class DeliveredOriginTests() : OriginSuite(OriginUse.HaveDelivered);

/// <summary>Links work whichever of server and sharer's terminal is there.</summary>
public sealed class OriginTests : IDisposable
{
    static readonly byte[] s_bytes = Samples.Random(1, (3 * 1024 * 1024) + 7);

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Trait("Row", "D2")]
    public async Task The_server_alone_suffices_where_the_sharers_terminal_was_never_there()
    {
        await using var bench = await SwarmBench.StartAsync();
        var share = await bench.ShareAsync(s_bytes);
        await using var ben = await BenAsync(bench);
        var link = new ShareLink { Server = bench.Server.Address, Share = share, Device = new string('a', 64), Addresses = [$"127.0.0.1:{TerminalNode.FreePort()}"] };
        Assert.Equal(s_bytes, await ben.GetAsync(link));
    }

    [Fact]
    [Trait("Row", "D2")]
    public async Task The_sharers_terminal_alone_suffices_where_the_server_cannot_be_reached_from_the_start()
    {
        await using var bench = await SwarmBench.StartAsync();
        await using var anna = await HomeTerminal.StartAsync(bench.Server.Address, SwarmBench.Anna);
        var link = await ShareAsync(anna);
        await bench.Server.StopAsync(new CancellationToken(canceled: true));
        await using var ben = await BenAsync(bench);
        Assert.Equal(s_bytes, await ben.GetAsync(link));
    }

    [Fact]
    [Trait("Row", "D2")]
    public async Task Others_suffice_where_both_are_gone()
    {
        await using var bench = await SwarmBench.StartAsync();
        await using var anna = await HomeTerminal.StartAsync(bench.Server.Address, SwarmBench.Anna);
        var link = await ShareAsync(anna);
        await using var carl = await HomeTerminal.StartAsync(bench.Server.Address, PersonId.Parse("carl"));
        Assert.Equal(s_bytes, await carl.GetAsync(link));
        await carl.Get<Seeder>().SeedOnceAsync();
        await using var ben = await BenAsync(bench);
        var opened = (await ben.OpenAsync(link))!;
        await ben.Get<HeldShares>().AddAsync(opened.Manifest, opened.Server, ben.Person);
        await ben.Get<Seeder>().SeedOnceAsync(); // nothing is here, so nothing is announced
        var view = await ben.Get<ShareServers>().IndexAt(opened.Server).AnnounceAsync(opened.Manifest.Content, await ben.Get<SwarmNode>().SelfAsync(opened.Manifest, default), opened.Manifest.Ticket);
        await ben.Get<HeldShares>().RememberAsync(opened.Manifest.Content, view.Members);
        await bench.Server.StopAsync(new CancellationToken(canceled: true));
        await anna.StopAsync();
        Assert.Equal(s_bytes, await ben.GetAsync(link));
    }

    [Fact]
    [Trait("Row", "D2")]
    public async Task Where_nobody_is_there_it_is_said()
    {
        await using var bench = await SwarmBench.StartAsync();
        var link = new ShareLink { Server = bench.Server.Address, Share = await bench.ShareAsync(s_bytes) };
        await bench.Server.StopAsync(new CancellationToken(canceled: true));
        await using var ben = await BenAsync(bench);
        Assert.Equal(ProblemCodes.NoSource, (await Assert.ThrowsAsync<SharingException>(() => ben.OpenAsync(link))).Code);
    }

    [Fact]
    [Trait("Row", "D2")]
    public async Task The_sharer_may_go_while_he_uploads_once_another_has_it_and_the_server_may_come_later()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var bench = await SwarmBench.StartAsync();
        // Time stands still for this terminal, so that after its first bytes the upload waits.
        await using var anna = await HomeTerminal.StartAsync(bench.Server.Address, SwarmBench.Anna, time: time, folders: static options => options.BytesPerSecond = 1000);
        await File.WriteAllBytesAsync(_folder.Join("film.mkv"), s_bytes);
        await anna.Folders.AddAsync(anna.Person, new() { Path = _folder.Path, Audience = Audience.Everyone });
        var uploading = anna.LookAsync();
        var link = await LinkAsync(anna);
        await using var carl = await HomeTerminal.StartAsync(bench.Server.Address, PersonId.Parse("carl"));
        var opened = (await carl.OpenAsync(link))!;
        Assert.True(opened.Manifest.IsUploading);
        Assert.Equal(s_bytes, await carl.EndAsync(await carl.FetchAsync(opened)));
        await carl.Get<Seeder>().SeedOnceAsync();
        await anna.DisposeAsync();
        await using var ben = await BenAsync(bench);
        Assert.Equal(s_bytes, await ben.GetAsync(link with { Device = null, Addresses = [] }));
        Assert.False(uploading.IsCompletedSuccessfully);
    }

    [Fact]
    [Trait("Row", "D2")]
    public async Task A_plain_client_at_the_sharers_terminal_gets_the_file_while_it_is_uploaded_and_is_led_to_the_server_then()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var bench = await SwarmBench.StartAsync();
        await using var anna = await HomeTerminal.StartAsync(bench.Server.Address, SwarmBench.Anna, time: time, folders: static options => options.BytesPerSecond = 1000);
        await File.WriteAllBytesAsync(_folder.Join("film.mkv"), s_bytes);
        await anna.Folders.AddAsync(anna.Person, new() { Path = _folder.Path, Audience = Audience.Everyone });
        var uploading = anna.LookAsync();
        var link = await LinkAsync(anna);
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, SslOptions = { RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null } });
        var address = new Uri($"https://127.0.0.1:{anna.Port}/s/{link.Share}");
        Assert.Equal(s_bytes, await http.GetByteArrayAsync(address));
        using var part = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { Range = new(100_000, 100_009) } };
        using var ranged = await http.SendAsync(part);
        Assert.Equal(HttpStatusCode.PartialContent, ranged.StatusCode);
        Assert.Equal(s_bytes[100_000..100_010], await ranged.Content.ReadAsByteArrayAsync());
        anna.Get<IOptions<FolderOptions>>().Value.BytesPerSecond = 0;
        time.Advance(TimeSpan.FromMinutes(10)); // what the bytes so far wait for
        await uploading.WaitAsync(SwarmBench.Patience);
        using var led = await http.GetAsync(address);
        Assert.Equal((HttpStatusCode.TemporaryRedirect, link.AtServer), (led.StatusCode, led.Headers.Location));
    }

    [Fact]
    [Trait("Row", "D2")]
    public async Task A_delivery_that_nobody_waits_for_is_not_taken()
    {
        await using var bench = await SwarmBench.StartAsync();
        var share = await bench.ShareAsync(s_bytes);
        await using var ben = await BenAsync(bench);
        var request = new DeliveryRequest { Device = await ben.Get<DeviceIdentity>().NameAsync(), Addresses = [$"127.0.0.1:{ben.Port}"], Nonce = new string('0', 32) };
        Assert.False(await bench.Server.Get<IDeliveries>().DeliverAsync(SwarmBench.Anna, share, request));
        using var awaited = ben.Get<AwaitedDeliveries>().Begin(share);
        Assert.False(await bench.Server.Get<IDeliveries>().DeliverAsync(ben.Person, share, request with { Nonce = awaited.Nonce })); // not his share
        Assert.False(await bench.Server.Get<IDeliveries>().DeliverAsync(SwarmBench.Anna, share, request with { Nonce = awaited.Nonce, Device = new string('a', 64) })); // another's certificate
        Assert.False(awaited.Arrived.IsCompleted);
        Assert.True(await bench.Server.Get<IDeliveries>().DeliverAsync(SwarmBench.Anna, share, request with { Nonce = awaited.Nonce }));
        Assert.Equal(share, (await awaited.Arrived).Share);
        foreach (var wrong in new[] { request with { Nonce = "x" }, request with { Device = "x" }, request with { Addresses = [] }, request with { Addresses = ["example.org:80"] } })
        {
            await Assert.ThrowsAsync<SharingException>(() => bench.Server.Get<IDeliveries>().DeliverAsync(SwarmBench.Anna, share, wrong));
        }
    }

    [Fact]
    [Trait("Row", "D2")]
    public async Task A_terminal_gives_on_after_a_restart_renews_its_tickets_and_takes_itself_back_when_it_ends()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var bench = await SwarmBench.StartAsync();
        var share = await bench.ShareAsync(s_bytes);
        var link = new ShareLink { Server = bench.Server.Address, Share = share };
        var port = TerminalNode.FreePort();
        string ticket;
        await using (var carl = await HomeTerminal.StartAsync(bench.Server.Address, PersonId.Parse("carl"), InData, port: port))
        {
            Assert.Equal(s_bytes, await carl.GetAsync(link));
            ticket = (await carl.Get<HeldShares>().FindAsync(share))!.Manifest.Ticket;
        }

        await using (var carl = await HomeTerminal.StartAsync(bench.Server.Address, PersonId.Parse("carl"), InData, time, port))
        {
            await carl.Get<Seeder>().SeedOnceAsync();
            Assert.Equal(ticket, (await carl.Get<HeldShares>().FindAsync(share))!.Manifest.Ticket);
            await using var ben = await BenAsync(bench);
            var view = await ViewAsync(ben, link);
            Assert.Equal([$"127.0.0.1:{port}"], Assert.Single(view.Members).Addresses);
            time.Advance(TimeSpan.FromHours(13));
            await carl.Get<Seeder>().SeedOnceAsync();
            Assert.NotEqual(ticket, (await carl.Get<HeldShares>().FindAsync(share))!.Manifest.Ticket);
            await carl.Get<Seeder>().StopAsync(default);
            Assert.Empty((await ViewAsync(ben, link)).Members);
        }

        void InData(SharingBuilder sharing) => sharing.UseFolder(_folder.Join("data"));
    }

    static async Task<SwarmView> ViewAsync(HomeTerminal terminal, ShareLink link)
    {
        var manifest = (await terminal.OpenAsync(link))!.Manifest;
        return await terminal.Get<ShareServers>().IndexAt(link.Server).AnnounceAsync(manifest.Content, new() { Device = await terminal.Get<DeviceIdentity>().NameAsync() }, manifest.Ticket);
    }

    static Task<HomeTerminal> BenAsync(SwarmBench bench) => HomeTerminal.StartAsync(bench.Server.Address, PersonId.Parse("ben"));

    static async Task<ShareLink> LinkAsync(HomeTerminal anna)
    {
        using var patience = new CancellationTokenSource(SwarmBench.Patience);
        while (true)
        {
            var file = (await anna.FilesAsync()).Values.SingleOrDefault(static file => file is { State: FolderFileState.Uploading, Link: not null });
            if (file is not null && await anna.Get<HeldShares>().FindAsync(file.Share!.Value) is not null && await anna.Get<OwnShares>().FindAsync(file.Share.Value, default) is not null)
            {
                return ShareLink.Parse(file.Link!);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
        }
    }

    async Task<ShareLink> ShareAsync(HomeTerminal anna)
    {
        await File.WriteAllBytesAsync(_folder.Join("film.mkv"), s_bytes);
        await anna.Folders.AddAsync(anna.Person, new() { Path = _folder.Path, Audience = Audience.Everyone });
        await anna.LookAsync();
        return ShareLink.Parse(Assert.Single(await anna.FilesAsync()).Value.Link!);
    }
}
