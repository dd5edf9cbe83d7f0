using Microsoft.Extensions.DependencyInjection;
using OwnNetwork;
using Sharing.Core;
using Sharing.Offline;
using Sharing.Testing;
using Sharing.Tests.Hosting;
using Sharing.Tests.Network;

namespace Sharing.Tests.Posts;

[Trait("Row", "R3")]
public sealed class NetworkPublisherTests : UpdatingPublisherSuite
{
    protected override Task<PublisherUnderTest> CreateAsync()
    {
        var network = new Networks(new MemoryRecordStore(), TimeProvider.System).Network;
        var owner = PersonId.Parse("anna");
        return Task.FromResult(new PublisherUnderTest
        {
            Publisher = new NetworkPublisher(network),
            Account = new() { Owner = owner, Network = "sharing" },
            ShownAsync = token => ShownAsync(network, owner, token),
        });
    }

    internal static async Task<IReadOnlyList<ShownPost>> ShownAsync(ISocialNetwork network, PersonId owner, CancellationToken cancellationToken) =>
        [.. (await network.FeedAsync(owner, null, 100, cancellationToken)).Posts.Select(post => new ShownPost(post.Text, post.Link))];
}

[Trait("Row", "R3")]
public sealed class HttpNetworkPublisherTests : UpdatingPublisherSuite
{
    SharingHost _host = null!;

    protected override async Task<PublisherUnderTest> CreateAsync()
    {
        _host = await SharingHost.StartAsync(sharing => sharing.AddSocialNetwork());
        var owner = PersonId.Parse("anna");
        return new PublisherUnderTest
        {
            Publisher = new NetworkPublisher(
                "elsewhere", account => new HttpSocialNetwork(new(_host.Http, _host.Address, (_, _) => ValueTask.FromResult(account.Token))), needsAccount: true),
            Account = new() { Owner = owner, Network = "elsewhere", Token = SharingHost.TokenOf(owner) },
            BadAccount = new() { Owner = owner, Network = "elsewhere", Token = "rubbish" },
            ShownAsync = token => NetworkPublisherTests.ShownAsync(_host.Get<ISocialNetwork>(), owner, token),
        };
    }

    protected override ValueTask CleanUpAsync() => _host.DisposeAsync();
}

[Trait("Row", "R3")]
public sealed class GuestbookTests : UpdatingPublisherSuite
{
    readonly ServiceProvider _services = Clients.Guarded();
    GuestbookServer _server = null!;

    protected override async Task<PublisherUnderTest> CreateAsync()
    {
        _server = await GuestbookServer.StartAsync();
        var account = new Account { Owner = PersonId.Parse("anna"), Network = "guestbook", Token = "secret" };
        return new PublisherUnderTest
        {
            Publisher = new Guestbook(_services.GetRequiredService<IHttpClientFactory>().CreateClient(GuardedClient.Name)) { Server = _server.Address },
            Account = account,
            BadAccount = account with { Token = "rubbish" },
            ShownAsync = _ => Task.FromResult(_server.Shown),
        };
    }

    protected override async ValueTask CleanUpAsync()
    {
        await _server.DisposeAsync();
        await _services.DisposeAsync();
    }

    [Fact]
    public void The_page_about_a_network_of_ones_own_has_exactly_this_code_and_it_is_short()
    {
        var code = File.ReadAllText(Path.Combine(Laws.Repository.Root, "tests/Sharing.Tests/Posts/Guestbook.cs")).ReplaceLineEndings("\n").Trim();
        var page = File.ReadAllText(Path.Combine(Laws.Repository.Root, "docs/own-network.md")).ReplaceLineEndings("\n");
        Assert.Contains("```csharp\n" + code + "\n```", page, StringComparison.Ordinal);
        Assert.True(code.Split('\n').Length < 60);
    }
}
