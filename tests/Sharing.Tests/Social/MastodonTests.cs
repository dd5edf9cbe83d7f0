using Sharing.Testing;

namespace Sharing.Tests.Social;

[Trait("Row", "R3")]
public sealed class MastodonPublisherTests : FaultyNetworkSuite
{
    readonly SocialBench _bench = new(static sharing => sharing.AddMastodon());
    MastodonServer _server = null!;
    FaultServer _faults = null!;

    protected override async Task<PublisherUnderTest> CreateAsync()
    {
        _server = await MastodonServer.StartAsync(TimeProvider.System);
        _faults = new(_server.Address);
        var account = new Account { Owner = PersonId.Parse("anna"), Network = "mastodon", Server = _faults.Address, Token = "token-anna" };
        return new()
        {
            Publisher = _bench.Publisher,
            Account = account,
            BadAccount = account with { Token = "rubbish" },
            Other = account with { Owner = PersonId.Parse("ben"), Token = "token-ben", Name = "ben" },
            Faults = _faults,
            ShownAsync = _ => Task.FromResult(_server.ShownBy("anna")),
        };
    }

    public override async Task A_post_withdrawn_before_the_network_heard_of_it_is_never_shown()
    {
        Assert.Equal(PublishState.Sent, (await Subject.Publisher.PublishAsync(PostOf("one", revision: 2) with { Withdrawn = true }, Subject.Account, Cancel)).State);
        Assert.Empty(_server.All); // what would come after it is shown: Mastodon remembers nothing of it
    }

    protected override async ValueTask CleanUpAsync()
    {
        await _faults.DisposeAsync();
        await _server.DisposeAsync();
        await _bench.DisposeAsync();
    }
}
