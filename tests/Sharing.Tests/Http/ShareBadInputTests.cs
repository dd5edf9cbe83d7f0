using System.Text;
using System.Text.Json;
using Sharing.P2P;

namespace Sharing.Tests.Http;

/// <summary>What does not fit, said to a shared-data server, is answered with a problem that says so: never with a fault of ours.</summary>
[Trait("Row", "D7")]
public sealed class ShareBadInputTests(SharesUnderTest host) : IClassFixture<SharesUnderTest>
{
    static readonly string Device = new('a', 64);

    public static TheoryData<string, string> Headers =>
    [
        .. from header in new[] { "Range", "If-Range", "Share-Any-Of", "If-None-Match", "If-Match" }
           from value in new[]
           {
               "", "bytes", "bytes=", "bytes=-", "bytes=5-3", "bytes=-0", "bytes=0-0,2-3", "bytes=99999999999999999999-", "bytes=9223372036854775807-9223372036854775807", "lines=0-1", "0+0", "0+-1",
               "5", "+", "0+9223372036854775807", "9223372036854775807+9223372036854775807", "0+5,", ",,,,", "\"", "W/\"x\"", "*", string.Join(',', Enumerable.Repeat("0+1", 1000)),
           }
           select (header, value),
    ];

    [Theory]
    [MemberData(nameof(Headers))]
    public async Task Headers_that_say_nothing_lead_to_bytes_or_to_a_problem(string header, string value)
    {
        var ticket = (await ManifestAsync()).Ticket;
        foreach (var what in new[] { "content", "groups" })
        {
            using var request = host.RequestOf(Actor.Anonymous, HttpMethod.Get, $"p/{ticket}/{what}");
            request.Headers.TryAddWithoutValidation(header, value);
            await IsNoFaultAsync(request, $"{header}: {value}");
        }
    }

    [Fact]
    public async Task Every_member_of_an_announcement_may_be_wrong_in_every_way()
    {
        var manifest = await ManifestAsync();
        var member = new SwarmMember { Device = Device, Addresses = ["10.0.0.7:7400"], Session = 5, Chunks = "0-0", IsWhole = true };
        var good = JsonSerializer.Serialize(new(member, manifest.Ticket), P2PJson.Default.SwarmAnnouncement);
        foreach (var body in Mutations.Of(good).Append(good))
        {
            using var request = host.RequestOf(Actor.Anonymous, HttpMethod.Put, $"v1/swarms/{manifest.Content}/{Device}");
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
            await IsNoFaultAsync(request, body);
        }
    }

    [Fact]
    public async Task Tickets_and_names_that_are_none_open_nothing()
    {
        var manifest = await ManifestAsync();
        string[] paths =
        [
            "p/./content", "p/%00/content", $"p/{new string('a', 5000)}/content", "p/a.b/content", "p/e30.e30/held", $"p/{manifest.Ticket}x/groups", $"p/{manifest.Ticket[1..]}/groups",
            "v1/shares/x", $"v1/shares/{new string('0', 33)}", $"v1/swarms/{manifest.Content}/x", "v1/swarms/x/y",
        ];
        foreach (var path in paths)
        {
            using var request = host.RequestOf(Actor.Owner, HttpMethod.Get, path);
            using var response = await host.Http.SendAsync(request);
            Assert.True((int)response.StatusCode is 404 or 400 or 414, $"{path}: {(int)response.StatusCode}");
        }
    }

    async Task<ShareManifest> ManifestAsync() => (await host.Get<IShares>().OpenAsync(null, await host.ShareAsync("everyone", "A film"), Device))!;

    async Task IsNoFaultAsync(HttpRequestMessage request, string name)
    {
        using var response = await host.Http.SendAsync(request);
        Assert.True((int)response.StatusCode < 500, $"{name}: {(int)response.StatusCode}");
        if ((int)response.StatusCode >= 400)
        {
            ProblemAssert.IsProblem(await response.Content.ReadAsStringAsync(), (int)response.StatusCode, name);
        }
    }
}
