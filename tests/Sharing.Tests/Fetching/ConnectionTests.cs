using System.Net;
using Microsoft.AspNetCore.Http;
using Sharing.Core;

namespace Sharing.Tests.Fetching;

public sealed class ConnectionTests
{
    [Fact]
    [Trait("Row", "S1")]
    public async Task Localhost_by_the_systems_own_resolver_is_refused()
    {
        await using var bench = new Bench();
        var refusal = await bench.RefusesAsync("http://localhost/");
        Assert.Contains("not a public address", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(bench.Dialled);
    }

    [Fact]
    [Trait("Row", "S1")]
    public async Task A_configured_authority_may_be_private_but_its_other_ports_are_a_strangers()
    {
        await using var named = await LoopbackServer.StartAsync(c => c.Response.WriteAsync("yes"));
        await using var other = await LoopbackServer.StartAsync(c => c.Response.WriteAsync("no"));
        await using var bench = new Bench(options =>
        {
            options.Configured.Add($"127.0.0.1:{named.Port}");
            options.StrangerPorts = [other.Port];
        });

        Assert.Equal("yes", await bench.Client.GetStringAsync(new Uri(named.Address)));
        await bench.RefusesAsync(other.Address);
        Assert.Empty(other.Requests);
    }

    [Fact]
    [Trait("Row", "S1")]
    public async Task A_configured_host_without_a_port_is_open_at_every_port_and_by_no_other_name()
    {
        await using var server = await LoopbackServer.StartAsync(c => c.Response.WriteAsync("yes"));
        await using var bench = new Bench(options => options.Configured.Add("Nas.Local"));
        bench.Names["nas.local"] = () => [IPAddress.Loopback];
        bench.Names["sub.nas.local"] = () => [IPAddress.Loopback];

        Assert.Equal("yes", await bench.Client.GetStringAsync(new Uri($"http://NAS.local:{server.Port}/")));
        await bench.RefusesAsync($"http://sub.nas.local:{server.Port}/");
        await bench.RefusesAsync(server.Address);
    }

    [Fact]
    [Trait("Row", "S1")]
    public async Task A_server_of_our_own_is_called_by_our_own_clients_and_is_nobodys_origin()
    {
        await using var server = await LoopbackServer.StartAsync(c => c.Response.WriteAsync("yes"));
        await using var bench = new Bench(options => options.Services.Add($"127.0.0.1:{server.Port}"));

        Assert.Equal("yes", await bench.Services.GetStringAsync(new Uri(server.Address)));
        await bench.RefusesAsync(server.Address); // not even over the connection that is open
        Assert.Single(server.Requests);
    }

    [Fact]
    [Trait("Row", "S1")]
    public async Task A_strangers_port_must_be_open_to_strangers()
    {
        await using var bench = new Bench();
        bench.Publish("public.test", "93.184.216.34", 1);

        Assert.Contains("Port 22", (await bench.RefusesAsync("http://public.test:22/")).Message, StringComparison.Ordinal);
        Assert.Empty(bench.Asked);
        Assert.Empty(bench.Dialled);
    }

    [Fact]
    [Trait("Row", "S2")]
    public async Task A_name_is_resolved_once_and_the_checked_address_is_the_one_connected_to()
    {
        await using var server = await LoopbackServer.StartAsync(c => c.Response.WriteAsync("public"));
        await using var bench = new Bench();
        var answers = new Queue<IPAddress>([IPAddress.Parse("93.184.216.34"), IPAddress.Loopback]);
        bench.Names["rebinding.test"] = () => [answers.Count > 1 ? answers.Dequeue() : answers.Peek()];
        bench.Internet["93.184.216.34"] = server.Port;

        Assert.Equal("public", await bench.Client.GetStringAsync(new Uri("http://rebinding.test/")));

        Assert.Single(bench.Asked);
        Assert.Equal(new IPEndPoint(IPAddress.Parse("93.184.216.34"), 80), Assert.Single(bench.Dialled));
    }

    [Fact]
    [Trait("Row", "S2")]
    public async Task The_next_connection_is_checked_anew_and_refused_when_the_name_has_moved_inward()
    {
        await using var server = await LoopbackServer.StartAsync(async c =>
        {
            c.Response.Headers.Connection = "close";
            await c.Response.WriteAsync("public");
        });
        await using var bench = new Bench();
        var answers = new Queue<IPAddress>([IPAddress.Parse("93.184.216.34"), IPAddress.Loopback]);
        bench.Names["rebinding.test"] = () => [answers.Dequeue()];
        bench.Internet["93.184.216.34"] = server.Port;

        Assert.Equal("public", await bench.Client.GetStringAsync(new Uri("http://rebinding.test/")));
        await bench.RefusesAsync("http://rebinding.test/");

        Assert.Single(bench.Dialled);
    }

    [Theory]
    [InlineData("93.184.216.34", "10.0.0.1")]
    [InlineData("10.0.0.1", "93.184.216.34")]
    [InlineData("2606:4700::1111", "fd00::1")]
    [InlineData("93.184.216.34", "64:ff9b::a00:1")]
    [Trait("Row", "S2")]
    public async Task One_private_answer_among_public_ones_refuses_the_name(string first, string second)
    {
        await using var bench = new Bench();
        bench.Names["mixed.test"] = () => [IPAddress.Parse(first), IPAddress.Parse(second)];

        await bench.RefusesAsync("http://mixed.test/");

        Assert.Empty(bench.Dialled);
    }

    [Fact]
    public async Task A_dead_address_leaves_the_next_one_its_turn()
    {
        await using var server = await LoopbackServer.StartAsync(c => c.Response.WriteAsync("second"));
        await using var bench = new Bench();
        bench.Names["two.test"] = () => [IPAddress.Parse("93.184.216.34"), IPAddress.Parse("93.184.216.35")];
        bench.Internet["93.184.216.34"] = ClosedPort();
        bench.Internet["93.184.216.35"] = server.Port;

        Assert.Equal("second", await bench.Client.GetStringAsync(new Uri("http://two.test/")));
        Assert.Equal(2, bench.Dialled.Count);
    }

    [Fact]
    [Trait("Row", "S5")]
    public async Task Cookies_are_never_kept()
    {
        await using var server = await LoopbackServer.StartAsync(c =>
        {
            c.Response.Cookies.Append("session", "secret");
            return Task.CompletedTask;
        });
        await using var bench = new Bench(options => options.Configured.Add("127.0.0.1"));

        for (var i = 0; i < 3; i++)
        {
            using var response = await bench.GetAsync(server.Address);
            Assert.True(response.Headers.Contains("Set-Cookie"));
        }

        Assert.Equal(3, server.Requests.Count);
        Assert.All(server.Requests, r => Assert.False(r.Headers.ContainsKey("Cookie")));
    }

    [Fact]
    public async Task No_trace_id_leaves_the_house()
    {
        await using var server = await LoopbackServer.StartAsync(_ => Task.CompletedTask);
        await using var bench = new Bench(options => options.Configured.Add("127.0.0.1"));
        using var activity = new System.Diagnostics.Activity("owner's own").AddBaggage("user", "anna").Start();

        using var response = await bench.GetAsync(server.Address);

        Assert.DoesNotContain(Assert.Single(server.Requests).Headers.Keys, k => k.ToUpperInvariant() is "TRACEPARENT" or "BAGGAGE" or "REQUEST-ID" or "CORRELATION-CONTEXT");
    }

    [Fact]
    [Trait("Row", "S4")]
    public async Task Http3_is_never_asked_for()
    {
        await using var server = await LoopbackServer.StartAsync(c =>
        {
            c.Response.Headers.AltSvc = "h3=\":443\"";
            return Task.CompletedTask;
        });
        await using var bench = new Bench(options => options.Configured.Add("127.0.0.1"));
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Address)
        {
            Version = HttpVersion.Version30,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        using var response = await bench.Client.SendAsync(request);

        Assert.Equal(HttpVersion.Version11, response.Version);
    }

    [Fact]
    public async Task The_synchronous_way_around_the_checks_is_closed()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://127.0.0.1/");
        await using var bench = new Bench();
        Assert.Throws<NotSupportedException>(() => bench.Client.Send(request));
    }

    internal static int ClosedPort()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
