using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Sharing.Core;
using Sharing.P2P;
using Sharing.Tests.Fetching;
using Sharing.Trials.Scripted;

namespace Sharing.Tests.P2P;

/// <summary>What a terminal gives to whom, and how much of it.</summary>
[Trait("Row", "D7")]
public sealed class PeerDoorTests
{
    [Fact]
    public async Task A_ticket_that_names_a_terminal_opens_only_on_its_connections()
    {
        await using var bench = await SwarmBench.StartAsync();
        var bytes = Samples.Random(1, 300_000);
        var share = await bench.ShareAsync(bytes);
        var holder = await bench.HolderAsync(share);
        var (own, other) = (await bench.TerminalAsync(), await bench.TerminalAsync());
        var ticket = (await own.OpenAsync(share)).Ticket;
        var anybodys = (await new HttpShares(bench.Server.Connect()).OpenAsync(null, share, null))!.Ticket;

        foreach (var what in new[] { "content", "groups" })
        {
            Assert.StartsWith("200", await AskAsync(own, holder, ticket, what), StringComparison.Ordinal);
            Assert.StartsWith("200", await AskAsync(other, holder, anybodys, what), StringComparison.Ordinal);
        }

        foreach (var what in new[] { "content", "groups", "held" })
        {
            var nothing = await AskAsync(other, holder, "e30.AAAA", what);
            Assert.StartsWith("404", nothing, StringComparison.Ordinal);
            Assert.Equal(nothing, await AskAsync(other, holder, ticket, what)); // byte for byte
        }
    }

    [Fact]
    public async Task Who_shows_no_certificate_is_served_with_a_ticket_of_no_terminal_and_with_no_other()
    {
        await using var bench = await SwarmBench.StartAsync();
        var share = await bench.ShareAsync(Samples.Random(2, 100_000));
        var holder = await bench.HolderAsync(share);
        var named = (await (await bench.TerminalAsync()).OpenAsync(share)).Ticket;
        var anybodys = (await new HttpShares(bench.Server.Connect()).OpenAsync(null, share, null))!.Ticket;
        Assert.StartsWith("HTTP/1.1 200 ", await RawAsync(holder, anybodys, null), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 404 ", await RawAsync(holder, named, null), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_is_of_the_terminal_that_made_it_also_after_another_of_the_same_client()
    {
        await using var bench = await SwarmBench.StartAsync();
        var share = await bench.ShareAsync(Samples.Random(3, 100_000));
        var holder = await bench.HolderAsync(share);
        var own = await bench.TerminalAsync();
        var ticket = (await own.OpenAsync(share)).Ticket;
        var certificate = await own.Get<IPeerIdentity>().CertificateAsync();
        for (var i = 0; i < 3; i++)
        {
            Assert.StartsWith("HTTP/1.1 200 ", await RawAsync(holder, ticket, certificate), StringComparison.Ordinal);
            Assert.StartsWith("HTTP/1.1 404 ", await RawAsync(holder, ticket, null), StringComparison.Ordinal); // nothing of the session before is taken up again
        }
    }

    [Fact]
    public async Task On_the_servers_own_port_nobody_can_be_told_from_another_so_tickets_open_as_they_are()
    {
        await using var bench = await SwarmBench.StartAsync();
        var share = await bench.ShareAsync(Samples.Random(4, 100_000));
        var ticket = (await (await bench.TerminalAsync()).OpenAsync(share)).Ticket;
        using var response = await bench.Server.Http.GetAsync(new Uri(bench.Server.Address, $"p/{ticket}/content"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A_ticket_has_one_text_alone_and_no_key_is_no_reason_to_fall()
    {
        await using var bench = await SwarmBench.StartAsync();
        var manifest = (await new HttpShares(bench.Server.Connect()).OpenAsync(null, await bench.ShareAsync(Samples.Random(5, 1000)), null))!;
        var (text, key, now) = (manifest.Ticket, manifest.TicketKey, DateTimeOffset.UnixEpoch);
        Assert.NotNull(Tickets.Read(text, key, now));
        Assert.Null(Tickets.Read(text, [1, 2, 3], now));
        Assert.Null(Tickets.Read(text, [], now));
        for (var at = key.Length - 64; at < key.Length; at++) // most of these are points that are on no curve
        {
            var other = key.ToArray();
            other[at] ^= 1;
            Assert.Null(Tickets.Read(text, other, now));
        }

        var last = text[^1]; // of a signature's 64 bytes its last character says two bits
        string[] others = [text + " ", " " + text, text.Insert(10, "\n"), text + "=", text + "==", .. "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".Where(one => one != last).Select(one => text[..^1] + one)];
        Assert.All(others, other => Assert.Null(Tickets.Read(other, key, now)));
    }

    [Fact]
    public async Task Another_certificate_than_the_one_that_was_told_is_refused()
    {
        await using var bench = await SwarmBench.StartAsync();
        var (first, second) = (await bench.TerminalAsync(), await bench.TerminalAsync());
        var wrong = first.Get<PeerAddresses>().Tell(new string('a', 64), [second.EndPoint]);
        await Assert.ThrowsAsync<SharingException>(() => first.Http(GuardedClient.Peers).GetAsync(new Uri(wrong, "p/x/content")));
        var right = first.Get<PeerAddresses>().Tell(await second.Get<DeviceIdentity>().NameAsync(), [second.EndPoint]);
        using var response = await first.Http(GuardedClient.Peers).GetAsync(new Uri(right, "p/x/content"));
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task What_a_certificate_names_is_fetched_by_neither_side()
    {
        using var named = new TcpListener(IPAddress.Loopback, 0);
        named.Start();
        var fetched = named.AcceptSocketAsync();
        using var issued = Issued($"http://{named.LocalEndpoint}/issuer.crt");
        await using var bench = await SwarmBench.StartAsync();
        var first = await bench.TerminalAsync();
        var second = await bench.TerminalAsync(services: services => services.AddSingleton<IPeerIdentity>(new Shown(issued)));
        var there = first.Get<PeerAddresses>().Tell(PeerCertificates.NameOf(issued), [second.EndPoint]);
        using (var response = await first.Http(GuardedClient.Peers).GetAsync(new Uri(there, "p/x/content")))
        {
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        }

        var back = second.Get<PeerAddresses>().Tell(await first.Get<DeviceIdentity>().NameAsync(), [first.EndPoint]);
        using (var response = await second.Http(GuardedClient.Peers).GetAsync(new Uri(back, "p/x/content")))
        {
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        }

        Assert.False(fetched.IsCompleted);
    }

    [Fact]
    public async Task A_ticket_that_opened_something_opens_nothing_any_more_once_it_has_expired()
    {
        await using var bench = await SwarmBench.StartAsync();
        var share = await bench.ShareAsync(Samples.Random(6, 1000));
        var ticket = (await new HttpShares(bench.Server.Connect()).OpenAsync(null, share, null))!.Ticket;
        var (door, clock) = Door(bench, await bench.HolderAsync(share), new());
        var caller = new PeerCaller(true, null, IPAddress.Loopback);
        await (await door.OpenAsync(ticket, caller))!.DisposeAsync();
        clock.Advance(Tickets.ReadUnchecked(ticket)!.Expires - clock.GetUtcNow() - TimeSpan.FromSeconds(1));
        await (await door.OpenAsync(ticket, caller))!.DisposeAsync();
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await door.OpenAsync(ticket, caller));
    }

    [Fact]
    public async Task Many_tickets_of_one_terminal_take_no_more_slots_than_one_does()
    {
        await using var bench = await SwarmBench.StartAsync();
        var share = await bench.ShareAsync(Samples.Random(7, 1000));
        var (door, clock) = Door(bench, await bench.HolderAsync(share), new() { UploadSlotsEach = 1 });
        var (own, other) = (new string('a', 64), new string('b', 64));
        var ticket = Tickets.ReadUnchecked((await new HttpShares(bench.Server.Connect()).OpenAsync(null, share, null))!.Ticket)!;
        await using var first = await EnterAsync(own, TimeSpan.FromHours(1));
        await using var second = await EnterAsync(own, TimeSpan.FromHours(2));
        await using var third = await EnterAsync(other, TimeSpan.FromHours(1));
        Assert.Equal((DoorVerdict.Open, DoorVerdict.Busy, DoorVerdict.Open), (first.Serve(), second.Serve(), third.Serve()));

        async Task<PeerVisit> EnterAsync(string device, TimeSpan life) => (await door.OpenAsync(
            await bench.Server.Get<TicketSigner>().SignAsync(ticket with { Device = device, Expires = clock.GetUtcNow() + life }), new(true, device, IPAddress.Loopback)))!;
    }

    [Fact]
    public async Task What_goes_out_to_visitors_says_whether_there_may_be_more_of_them()
    {
        await using var bench = await SwarmBench.StartAsync();
        var share = await bench.ShareAsync(Samples.Random(8, 1000));
        var ticket = (await new HttpShares(bench.Server.Connect()).OpenAsync(null, share, null))!.Ticket;
        var (door, clock) = Door(bench, await bench.HolderAsync(share), new() { UploadSlots = 1, UploadSlotsEach = 1 });
        await using var slow = await EnterAsync(1);
        await using var waiting = await EnterAsync(2);
        Assert.Equal(DoorVerdict.Open, slow.Serve());
        Assert.True(slow.IsCounted);
        for (var second = 0; second < 4; second++)
        {
            Assert.Equal(DoorVerdict.Busy, waiting.Serve());
            clock.Advance(TimeSpan.FromSeconds(1));
            await slow.SendAsync(second == 0 ? 1_000_000 : 1000);
        }

        Assert.Equal(DoorVerdict.Open, waiting.Serve());

        async Task<PeerVisit> EnterAsync(byte place) => (await door.OpenAsync(ticket, new(false, null, new IPAddress([10, 0, 0, place]))))!;
    }

    /// <summary>A door to what a terminal has, with a clock that is moved.</summary>
    static (PeerDoor Door, ManualClock Clock) Door(SwarmBench bench, TerminalNode holder, P2POptions options)
    {
        var clock = new ManualClock();
        return (new(new ServerTicketKeys(bench.Server.Get<TicketSigner>(), clock), holder.Get<TransferEngine>(), Options.Create(options), clock), clock);
    }

    /// <summary>What a terminal is answered by another: status, body, and all headers but those that are different each time.</summary>
    static async Task<string> AskAsync(TerminalNode from, TerminalNode at, string ticket, string what)
    {
        var address = from.Get<PeerAddresses>().Tell(await at.Get<DeviceIdentity>().NameAsync(), [at.EndPoint]);
        using var response = await from.Http(GuardedClient.Peers).GetAsync(new Uri(address, $"p/{ticket}/{what}"));
        var headers = response.Headers.Concat(response.Content.Headers).Where(static header => header.Key is not ("Date" or "Trace-Id")).Select(static header => $"{header.Key}: {string.Join(',', header.Value)}");
        return $"{(int)response.StatusCode} {string.Join('\n', headers)}\n{Convert.ToHexString(SHA256.HashData(await response.Content.ReadAsByteArrayAsync()))}";
    }

    static async Task<string> RawAsync(TerminalNode at, string ticket, SslStreamCertificateContext? certificate)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(at.EndPoint);
        await using var secure = new SslStream(socket.GetStream());
        await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "terminal", RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null, ClientCertificateContext = certificate,
        });
        await secure.WriteAsync(Encoding.ASCII.GetBytes($"GET /p/{ticket}/content HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(secure, Encoding.Latin1);
        return await reader.ReadToEndAsync().WaitAsync(SwarmBench.Patience);
    }

    /// <summary>A certificate that somebody else signed, and that says where to find his.</summary>
    static X509Certificate2 Issued(string issuerAt)
    {
        var now = DateTimeOffset.UtcNow;
        using var issuerKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var issuer = new CertificateRequest("CN=issuer", issuerKey, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-2), now.AddYears(1));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=terminal", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension([issuerAt.Replace("issuer", "ocsp", StringComparison.Ordinal)], [issuerAt]));
        using var bare = request.Create(issuer.SubjectName, X509SignatureGenerator.CreateForECDsa(issuerKey), now.AddDays(-1), now.AddMonths(1), [1, 2, 3]);
        return bare.CopyWithPrivateKey(key);
    }

    sealed class Shown(X509Certificate2 certificate) : IPeerIdentity
    {
        readonly SslStreamCertificateContext _context = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true);

        public ValueTask<SslStreamCertificateContext> CertificateAsync(CancellationToken cancellationToken = default) => new(_context);
    }
}
