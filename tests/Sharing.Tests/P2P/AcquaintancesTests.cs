using Sharing.P2P;

namespace Sharing.Tests.P2P;

[Trait("Row", "D7")]
public sealed class AcquaintancesTests
{
    [Fact]
    public void One_that_says_again_and_again_that_it_was_started_anew_is_asked_eight_times()
    {
        var known = new Acquaintances();
        Assert.Equal(8, Enumerable.Range(0, 1000).Count(session => known.Meet(Member(1, session))));
        Assert.True(known.Meet(Member(2, 0)));
    }

    [Fact]
    public void No_more_than_ten_thousand_are_asked_in_one_fetch()
    {
        var known = new Acquaintances();
        Assert.Equal(10_000, Enumerable.Range(0, 20_000).Count(device => known.Meet(Member(device, 0))));
        Assert.True(known.Meet(Member(1, 1))); // one of them may start anew
    }

    static SwarmMember Member(int device, long session) => new() { Device = $"{device:x64}", Addresses = ["10.0.0.7:7400"], Session = session };
}
