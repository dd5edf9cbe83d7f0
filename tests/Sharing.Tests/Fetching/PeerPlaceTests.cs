using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Sharing.Core;

namespace Sharing.Tests.Fetching;

/// <summary>Where a terminal is looked for when somebody says that one is there, and what is said to it.</summary>
[Trait("Row", "S1")]
[Trait("Row", "D7")]
public sealed class PeerPlaceTests
{
    /// <summary>A machine in two private networks, with a way to the internet.</summary>
    static readonly (IPAddress, int)[] Own =
    [
        (IPAddress.Parse("127.0.0.1"), 8), (IPAddress.Parse("::1"), 128), (IPAddress.Parse("192.168.7.20"), 24), (IPAddress.Parse("fd12:3456::20"), 64), (IPAddress.Parse("fe80::20"), 64),
        (IPAddress.Parse("93.184.216.7"), 24), (IPAddress.Parse("169.254.9.9"), 16), (IPAddress.Parse("2002:c0a8:714::1"), 16), (IPAddress.Parse("2001:0:5db8:d822::1"), 32), (IPAddress.Parse("100.90.1.1"), 10),
    ];

    [Theory]
    [InlineData("8.8.8.8:7400")]
    [InlineData("8.8.8.8:443")]
    [InlineData("93.184.216.7:7400")] // this machine, as all the world sees it
    [InlineData("93.184.216.8:7400")]
    [InlineData("[2606:4700::1111]:7400")]
    [InlineData("192.168.7.21:7400")]
    [InlineData("[fd12:3456::21]:7400")]
    [InlineData("100.90.1.2:7400")]
    public void A_terminal_may_be_at_a_public_address_or_in_a_network_that_this_machine_is_attached_to(string place) => Assert.True(Admits(place));

    [Theory]
    [InlineData("127.0.0.1:7400")]
    [InlineData("127.8.8.8:7400")]
    [InlineData("[::1]:7400")]
    [InlineData("[::ffff:127.0.0.1]:7400")]
    [InlineData("192.168.7.20:7400")] // this machine
    [InlineData("[::ffff:192.168.7.20]:7400")]
    [InlineData("[fd12:3456::20]:7400")] // this machine
    [InlineData("192.168.8.21:7400")] // another private network
    [InlineData("10.0.0.1:7400")]
    [InlineData("172.16.0.1:7400")]
    [InlineData("[fd99::1]:7400")]
    [InlineData("[::ffff:192.168.7.21]:7400")]
    [InlineData("[::192.168.7.21]:7400")]
    [InlineData("[64:ff9b::c0a8:715]:7400")]
    [InlineData("[64:ff9b:1::c0a8:715]:7400")]
    [InlineData("[2002:c0a8:715::1]:7400")] // although this machine has such an address
    [InlineData("[2001:0:5db8:d822::2]:7400")]
    [InlineData("169.254.169.254:7400")]
    [InlineData("169.254.9.10:7400")]
    [InlineData("[fe80::21]:7400")]
    [InlineData("[fe80::21%2]:7400")]
    [InlineData("100.100.100.200:7400")]
    [InlineData("[fd00:ec2::254]:7400")]
    [InlineData("168.63.129.16:7400")]
    [InlineData("192.0.0.192:7400")]
    [InlineData("0.0.0.0:7400")]
    [InlineData("[::]:7400")]
    [InlineData("224.0.0.1:7400")]
    [InlineData("[ff02::1]:7400")]
    [InlineData("255.255.255.255:7400")]
    [InlineData("240.0.0.1:7400")]
    [InlineData("8.8.8.8:22")]
    [InlineData("8.8.8.8:25")]
    [InlineData("192.168.7.21:53")]
    public void A_terminal_is_looked_for_nowhere_else(string place) => Assert.False(Admits(place));

    [Fact]
    public void Loopback_is_for_trying_things_out_on_one_machine()
    {
        var connector = new PeerConnector(new(), new() { PeersOnThisMachine = true }) { OwnAddresses = () => Own };
        Assert.True(connector.Admits(IPEndPoint.Parse("127.0.0.1:7400")));
        Assert.False(connector.Admits(IPEndPoint.Parse("192.168.7.20:7400")));
    }

    [Fact]
    public void The_addresses_of_this_machine_are_read_with_their_networks() =>
        Assert.Contains(new PeerConnector(new(), new()).OwnAddresses(), own => own.Address.Equals(IPAddress.Loopback) && own.Prefix == 8);

    [Fact]
    public async Task It_is_sent_no_cookie_and_no_credentials_and_leads_nowhere_by_no_proxy()
    {
        using var elsewhere = new TcpListener(IPAddress.Loopback, 0);
        elsewhere.Start();
        var led = elsewhere.AcceptSocketAsync();
        await using var peer = RawPeer.Start($"HTTP/1.1 302 Found\r\nLocation: http://{elsewhere.LocalEndpoint}/\r\nSet-Cookie: a=b\r\nWWW-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n");
        var proxy = Environment.GetEnvironmentVariable("http_proxy");
        Environment.SetEnvironmentVariable("http_proxy", $"http://{elsewhere.LocalEndpoint}");
        try
        {
            await using var services = Services();
            var address = services.GetRequiredService<PeerAddresses>().Tell(new string('a', 64), [peer.EndPoint], plain: true);
            var http = services.GetRequiredService<IHttpClientFactory>().CreateClient(GuardedClient.Peers);
            for (var i = 0; i < 2; i++)
            {
                using var response = await http.GetAsync(new Uri(address, "p/ticket/content"));
                Assert.Equal(HttpStatusCode.Found, response.StatusCode);
            }
        }
        finally
        {
            Environment.SetEnvironmentVariable("http_proxy", proxy);
        }

        Assert.Equal(2, peer.Heard.Split("GET /p/ticket/content HTTP/1.1\r\n").Length - 1);
        foreach (var header in new[] { "cookie:", "authorization:", "traceparent:", "user-agent:", "referer:" })
        {
            Assert.DoesNotContain(header, peer.Heard, StringComparison.OrdinalIgnoreCase);
        }

        Assert.False(led.IsCompleted);
    }

    [Fact]
    public async Task A_name_that_was_not_told_is_no_terminal()
    {
        await using var services = Services();
        var http = services.GetRequiredService<IHttpClientFactory>().CreateClient(GuardedClient.Peers);
        foreach (var address in new[] { "http://127.0.0.1:1/", "http://localhost/", $"http://{new string('a', 32)}.{new string('b', 32)}.peer/", "https://example.com/" })
        {
            await Assert.ThrowsAsync<SharingException>(() => http.GetAsync(new Uri(address)));
        }
    }

    static bool Admits(string place) => new PeerConnector(new(), new()) { OwnAddresses = () => Own }.Admits(IPEndPoint.Parse(place));

    static ServiceProvider Services() => new ServiceCollection().AddLogging().AddSharing(static sharing => sharing.WithFetching(static fetching => fetching.PeersOnThisMachine = true)).BuildServiceProvider();

    /// <summary>Answers everything with the same, and remembers what it heard.</summary>
    sealed class RawPeer : IAsyncDisposable
    {
        readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        readonly StringBuilder _heard = new();
        Task _serving = Task.CompletedTask;

        public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndpoint;

        public string Heard
        {
            get
            {
                lock (_heard)
                {
                    return _heard.ToString();
                }
            }
        }

        public static RawPeer Start(string answer)
        {
            var peer = new RawPeer();
            peer._listener.Start();
            peer._serving = peer.ServeAsync(answer);
            return peer;
        }

        public async ValueTask DisposeAsync()
        {
            _listener.Stop();
            await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        async Task ServeAsync(string answer)
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                var stream = client.GetStream();
                using var reader = new StreamReader(stream, Encoding.Latin1, leaveOpen: true);
                while (await reader.ReadLineAsync() is { } line)
                {
                    lock (_heard)
                    {
                        _heard.Append(line).Append("\r\n");
                    }

                    if (line.Length == 0)
                    {
                        await stream.WriteAsync(Encoding.Latin1.GetBytes(answer));
                    }
                }
            }
        }
    }
}
