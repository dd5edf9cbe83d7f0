namespace Sharing.Tests.Http;

/// <summary>Shares: seen by their audience, ended by their owner alone; bytes for whoever shows a ticket, and for nobody else, signed in or not.</summary>
[Trait("Row", "D5")]
public sealed class ShareAccessTests(SharesUnderTest shares) : AccessSuite(shares), IClassFixture<SharesUnderTest>
{
    readonly SharesUnderTest _shares = shares;

    protected override IEnumerable<(string Method, string Path)> Unknown =>
        [("POST", "v1/shares"), ("PUT", "v1/shares/x"), ("GET", "v1/swarms"), ("PUT", "v1/swarms/x"), ("BREW", "v1/shares")];

    [Fact]
    public void Its_shares_are_among_the_routes() => Assert.Subset(
        Route.Of(_shares.Services).Select(static route => route.Pattern).ToHashSet(),
        new HashSet<string> { "/v1/shares", "/v1/shares/{id}", "/v1/swarms/{content}/{device}", "/p/{ticket}/content", "/p/{ticket}/groups", "/p/{ticket}/held" });
}
