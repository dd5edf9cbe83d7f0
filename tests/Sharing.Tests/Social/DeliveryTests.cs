using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Sharing.Social;
using Sharing.Testing;

namespace Sharing.Tests.Social;

/// <summary>How activities get to other servers that have their troubles.</summary>
[Trait("Row", "R3")]
public sealed class DeliveryTests : IAsyncLifetime
{
    readonly ShiftedTime _time = new();
    FediverseHost _host = null!;
    RemoteServer _remote = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await FediverseHost.StartAsync(_time, works: false);
        _remote = await RemoteServer.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _remote.DisposeAsync();
    }

    Task FollowAsync(string name) => _remote.SendAsync(_host, new() { ["id"] = $"{_remote.Address}/follow-{name}", ["type"] = "Follow", ["actor"] = _remote.IdOf(name), ["object"] = _host.AnnaId }, name);

    async Task RunAsync(TimeSpan @for)
    {
        _time.Ahead += TimeSpan.FromSeconds(1); // what is due now is due in the next millisecond
        for (var end = _time.Ahead + @for; _time.Ahead <= end; _time.Ahead += TimeSpan.FromMinutes(30))
        {
            while (await _host.DeliverAsync())
            {
            }
        }
    }

    async Task<int> CountAsync(params string[] kind)
    {
        var count = 0;
        await foreach (var _ in _host.Get<IRecordStore>().ScanAsync(RecordRange.Under(kind[0], kind.AsSpan(1)), TestContext.Current.CancellationToken))
        {
            count++;
        }

        return count;
    }

    [Fact]
    public async Task An_inbox_that_several_share_gets_one_delivery()
    {
        _remote.Document = document => document["endpoints"] = new JsonObject { ["sharedInbox"] = _remote.Address + "/inbox" };
        await FollowAsync("mallory");
        await FollowAsync("eve");
        await RunAsync(TimeSpan.Zero);
        _remote.Delivered.Clear();
        await _host.PublishAsync(FediverseHost.PostOf("one"));
        await _host.PublishAsync(FediverseHost.PostOf("one"));
        await RunAsync(TimeSpan.Zero);
        Assert.Single(_remote.Delivered);
    }

    [Fact]
    public async Task A_server_that_is_down_is_tried_again_later_and_later_for_a_week_and_then_given_up_with_its_reason()
    {
        await FollowAsync("mallory");
        await RunAsync(TimeSpan.Zero);
        var tries = 0;
        _remote.Inbox = (_, _) =>
        {
            tries++;
            return 500;
        };
        await _host.PublishAsync(FediverseHost.PostOf("one"));
        await RunAsync(TimeSpan.FromDays(6));
        Assert.InRange(tries, 12, 25);
        Assert.Equal(0, await CountAsync("ap-dead"));
        await RunAsync(TimeSpan.FromDays(2));
        Assert.Equal((1, 0), (await CountAsync("ap-dead"), await CountAsync("work", "ap-deliver")));
        Assert.Equal(1, await CountAsync("ap-follower")); // it may come back
    }

    [Theory]
    [InlineData(404)]
    [InlineData(410)]
    public async Task An_inbox_that_is_gone_takes_its_follower_along(int status)
    {
        await FollowAsync("mallory");
        await RunAsync(TimeSpan.Zero);
        _remote.Inbox = (_, _) => status;
        await _host.PublishAsync(FediverseHost.PostOf("one"));
        await RunAsync(TimeSpan.Zero);
        Assert.Equal((0, 0, 0), (await CountAsync("ap-follower"), await CountAsync("work", "ap-deliver"), await CountAsync("ap-dead")));
    }

    [Fact]
    public async Task A_server_that_takes_only_the_signatures_of_the_RFC_gets_those()
    {
        var refused = 0;
        _remote.Inbox = (context, body) =>
        {
            if (context.Request.Headers["Signature-Input"].ToString() is not { Length: > 5 } input)
            {
                refused++;
                return 401;
            }

            // Checked here by what the RFC says, and not by what made it.
            var digest = $"sha-256=:{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(body)))}:";
            var text = $"\"@method\": POST\n\"@target-uri\": {_remote.Address}{context.Request.Path}\n\"content-digest\": {digest}\n\"@signature-params\": {input["sig1=".Length..]}";
            var signature = Convert.FromBase64String(context.Request.Headers["Signature"].ToString()["sig1=:".Length..^1]);
            using var http = new HttpClient();
            var pem = JsonNode.Parse(http.GetStringAsync(new Uri(_host.AnnaId)).GetAwaiter().GetResult())!["publicKey"]!["publicKeyPem"]!.ToString();
            using var rsa = RSA.Create();
            rsa.ImportFromPem(pem);
            return rsa.VerifyData(Encoding.UTF8.GetBytes(text), signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1) ? 202 : 403;
        };
        await FollowAsync("mallory");
        await RunAsync(TimeSpan.Zero);
        await _host.PublishAsync(FediverseHost.PostOf("one"));
        await RunAsync(TimeSpan.Zero);
        Assert.Equal((0, 1), (await CountAsync("work", "ap-deliver"), refused)); // once refused, it is known
    }
}

[Trait("Row", "R3")]
public sealed class ActivityPubPublisherTests : UpdatingPublisherSuite
{
    FediverseHost _host = null!;

    protected override async Task<PublisherUnderTest> CreateAsync()
    {
        _host = await FediverseHost.StartAsync(works: false);
        return new()
        {
            Publisher = _host.Publisher,
            Account = _host.Account,
            BadAccount = _host.Account with { Owner = PersonId.Parse("never-connected") },
            Other = _host.Account with { Owner = FediverseHost.Ben, Name = "ben" },
            ShownAsync = async cancellationToken =>
            {
                using var http = new HttpClient();
                var outbox = JsonNode.Parse(await http.GetStringAsync(new Uri(_host.AnnaId + "/outbox"), cancellationToken))!["orderedItems"]!.AsArray();
                return [.. outbox.Select(static one => one!["object"]!).Select(static note => new ShownPost(HtmlText.Plain(note["content"]!.ToString()), new Uri(note["url"]!.ToString())))];
            },
        };
    }

    protected override ValueTask CleanUpAsync() => _host.DisposeAsync();
}
