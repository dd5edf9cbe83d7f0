using System.Net;
using System.Net.Sockets;
using Sharing.Core;

namespace Sharing.Tests.Fetching;

[Trait("Row", "S1")]
public sealed class AddressSpellingTests
{
    /// <summary>Addresses with PORT for a port at which a socket listens on every local address.</summary>
    public static TheoryData<string> Spellings =>
    [
        // Loopback in IPv4
        "http://127.0.0.1:PORT/", "http://127.1:PORT/", "http://127.0.1:PORT/", "http://127.255.255.254:PORT/", "http://2130706433:PORT/",
        "http://0x7f000001:PORT/", "http://0x7F000001:PORT/", "http://0X7f.0.0.1:PORT/", "http://0x7f.0x0.0x0.0x1:PORT/", "http://0x7f.1:PORT/",
        "http://0177.0.0.1:PORT/", "http://0177.0000.0000.0001:PORT/", "http://017700000001:PORT/", "http://00000177.1:PORT/",
        "http://127.0x0.0.01:PORT/", "http://127.0.0.1.:PORT/", "http://127.0.0.1..:PORT/", "http://127.1.:PORT/", "http://2130706433.:PORT/",
        "http://0x7f000001.:PORT/",

        // The same in other characters
        "http://１２７.0.0.1:PORT/", "http://127。0。0。1:PORT/", "http://127．0．0．1:PORT/", "http://127｡0｡0｡1:PORT/",
        "http://①②⑦.⓪.⓪.①:PORT/", "http://%31%32%37.0.0.1:PORT/", "http://127%2e0%2e0%2e1:PORT/", "http://0ｘ7f.1:PORT/",
        "http://127.0.0.1%20:PORT/", "http://١٢٧.0.0.1:PORT/", "http:\\\\127.0.0.1:PORT\\", "http:/\\127.0.0.1:PORT/",
        "http://127.0.0.1:PORT\\@public.test/", " http://127.0.0.1:PORT/ ", "HTTP://127.0.0.1:PORT/", "http://127.0.0.1:0PORT/",
        "http://127.0.0.1:PORT/#@public.test", "http://127.0.0.1:PORT?@public.test",

        // User and password
        "http://public.test@127.0.0.1:PORT/", "http://public.test:80@127.0.0.1:PORT/", "http://user:pass@public.test:PORT/",
        "http://user@public.test:PORT/", "http://:pass@public.test:PORT/", "http://@127.0.0.1:PORT/",
        "http://public.test%40127.0.0.1:PORT/", "http://public.test%00.127.0.0.1:PORT/",

        // Other IPv4
        "http://0:PORT/", "http://0.0.0.0:PORT/", "http://00000000:PORT/", "http://0.0.0.1:PORT/", "http://10.0.0.1:PORT/", "http://167772161:PORT/",
        "http://012.0.0.1:PORT/", "http://100.64.0.1:PORT/", "http://168.63.129.16:PORT/", "http://0xa83f8110:PORT/",
        "http://169.254.169.254:PORT/", "http://2852039166:PORT/", "http://0xa9.0xfe.0xa9.0xfe:PORT/", "http://172.16.0.1:PORT/",
        "http://192.0.0.192:PORT/", "http://192.0.2.1:PORT/", "http://192.88.99.1:PORT/", "http://192.168.1.1:PORT/", "http://192.168.257:PORT/",
        "http://198.18.0.1:PORT/", "http://198.51.100.1:PORT/", "http://203.0.113.1:PORT/", "http://224.0.0.1:PORT/", "http://240.0.0.1:PORT/",
        "http://255.255.255.255:PORT/", "http://4294967295:PORT/",

        // IPv6
        "http://[::1]:PORT/", "http://[0:0:0:0:0:0:0:1]:PORT/", "http://[0000:0000:0000:0000:0000:0000:0000:0001]:PORT/", "http://[::0001]:PORT/",
        "http://[::]:PORT/", "http://[::ffff:127.0.0.1]:PORT/", "http://[::ffff:7f00:1]:PORT/", "http://[::FFFF:7F00:0001]:PORT/",
        "http://[0:0:0:0:0:ffff:127.0.0.1]:PORT/", "http://[::ffff:0.0.0.0]:PORT/", "http://[::ffff:169.254.169.254]:PORT/",
        "http://[::ffff:10.0.0.1]:PORT/", "http://[::127.0.0.1]:PORT/", "http://[::7f00:1]:PORT/", "http://[::ffff:0:127.0.0.1]:PORT/",
        "http://[64:ff9b::127.0.0.1]:PORT/", "http://[64:ff9b::8.8.8.8]:PORT/", "http://[64:ff9b:1::127.0.0.1]:PORT/",
        "http://[2002:7f00:1::]:PORT/", "http://[2002:a00:1::1]:PORT/", "http://[2001:0:0:0:0:0:80ff:fffe]:PORT/", "http://[2001:db8::1]:PORT/",
        "http://[2001:2::1]:PORT/", "http://[3fff::1]:PORT/", "http://[5f00::1]:PORT/", "http://[100::1]:PORT/", "http://[fc00::1]:PORT/",
        "http://[fd00:ec2::254]:PORT/", "http://[fe80::1]:PORT/", "http://[fe80::1%25lo]:PORT/", "http://[fe80::1%lo]:PORT/",
        "http://[fe80::1%1]:PORT/", "http://[::1%251]:PORT/", "http://[fec0::1]:PORT/", "http://[ff02::1]:PORT/",

        // Names
        "http://localhost:PORT/", "http://localhost.:PORT/", "http://LOCALHOST:PORT/", "http://ｌｏｃａｌｈｏｓｔ:PORT/", "http://[localhost]:PORT/",
        "http://loop.test:PORT/", "http://loop6.test:PORT/", "http://mapped.test:PORT/", "http://mixed.test:PORT/", "http://mixed-last.test:PORT/",

        // Other schemes, and none
        "ftp://127.0.0.1:PORT/", "file:///etc/passwd", "gopher://127.0.0.1:PORT/", "ws://127.0.0.1:PORT/", "unix:/var/run/docker.sock",
        "data:text/plain,x", "//127.0.0.1:PORT/", "javascript:alert(1)",
    ];

    [Theory]
    [MemberData(nameof(Spellings))]
    public async Task No_spelling_of_a_forbidden_address_sends_a_packet(string spelling)
    {
        using var listener = new TcpListener(IPAddress.IPv6Any, 0);
        listener.Server.DualMode = true;
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        // A resolver that reads any oddity as loopback is the worst that a system can have.
        await using var bench = new Bench(options => options.StrangerPorts = [port]) { OtherNames = [IPAddress.Loopback] };
        bench.Internet["93.184.216.34"] = port;
        bench.Names["public.test"] = () => [IPAddress.Parse("93.184.216.34")];
        bench.Names["loop.test"] = () => [IPAddress.Loopback];
        bench.Names["loop6.test"] = () => [IPAddress.IPv6Loopback];
        bench.Names["mapped.test"] = () => [IPAddress.Loopback.MapToIPv6()];
        bench.Names["mixed.test"] = () => [IPAddress.Loopback, IPAddress.Parse("93.184.216.34")];
        bench.Names["mixed-last.test"] = () => [IPAddress.Parse("93.184.216.34"), IPAddress.Parse("93.184.216.34"), IPAddress.Parse("fd00::1")];

        var text = spelling.Replace("PORT", $"{port}", StringComparison.Ordinal);
        if (Uri.TryCreate(text, UriKind.Absolute, out var address))
        {
            var fault = await Assert.ThrowsAsync<SharingException>(() => bench.Client.GetAsync(address));

            Assert.Equal(ProblemCodes.FetchFailed, fault.Code);
            Assert.NotNull(FetchRefusedException.Within(fault));
        }

        Assert.Empty(bench.Dialled);
        await NobodyCameAsync(listener, port);
    }

    [Fact]
    public void The_table_is_long_and_only_a_few_of_its_forms_are_no_addresses_at_all()
    {
        Assert.True(Spellings.Count >= 60);
        var unreadable = Spellings.Count(s => !Uri.TryCreate(s.Data.Replace("PORT", "80", StringComparison.Ordinal), UriKind.Absolute, out _));
        Assert.InRange(unreadable, 0, 10);
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("localhost.")]
    [InlineData("LocalHost")]
    [InlineData("foo.localhost")]
    [InlineData("127.0.0.1.")]
    [InlineData("0x7f000001.")]
    [Trait("Row", "S2")]
    public async Task A_name_that_this_system_knows_as_loopback_is_not_dialled(string host)
    {
        await using var bench = new Bench();

        // A system may also not know the odder ones; then there is nothing to refuse.
        var fault = await bench.FailsAsync($"http://{host}/");

        Assert.Equal(ProblemCodes.FetchFailed, fault.Code);
        Assert.True(FetchRefusedException.Within(fault) is not null || fault.GetBaseException() is SocketException, fault.ToString());
        Assert.Empty(bench.Dialled);
    }

    [Fact]
    public async Task The_listener_would_have_seen_a_connection()
    {
        await using var server = await LoopbackServer.StartAsync(_ => Task.CompletedTask);
        await using var bench = new Bench(options => options.StrangerPorts = [server.Port]);
        bench.Publish("public.test", "93.184.216.34", server.Port);

        using var response = await bench.GetAsync($"http://public.test:{server.Port}/");

        Assert.Single(server.Requests);
    }

    // Connections are accepted in the order they came: if ours is the first, there was none before.
    static async Task NobodyCameAsync(TcpListener listener, int port)
    {
        using var ours = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await ours.ConnectAsync(IPAddress.Loopback, port);
        using var first = await listener.AcceptSocketAsync();
        Assert.Equal(((IPEndPoint)ours.LocalEndPoint!).Port, ((IPEndPoint)first.RemoteEndPoint!).Port);
    }
}
