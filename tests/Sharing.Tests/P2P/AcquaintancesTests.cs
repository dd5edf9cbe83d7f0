using Microsoft.Extensions.Options;
using Sharing.P2P;
using Sharing.Swarm;

namespace Sharing.Tests.P2P;

public sealed class AcquaintancesTests
{
    [Fact]
    [Trait("Row", "D7")]
    public void Fifty_are_met_at_first_and_a_few_more_each_time()
    {
        var known = new Acquaintances();
        Assert.Equal(50, Enumerable.Range(0, 500).Count(other => known.Meet(Member(other))));
        Assert.False(known.Meet(Member(3)));
        Assert.True(known.Meet(Member(3) with { Session = 9 })); // it has started anew
        known.NextPause(terminals: 8);
        Assert.Equal(2, Enumerable.Range(50, 450).Count(other => known.Meet(Member(other))));
    }

    [Fact]
    [Trait("Row", "D7")]
    public void One_that_says_again_and_again_that_it_was_started_anew_is_asked_eight_times()
    {
        var known = new Acquaintances();
        Assert.Equal(8, Enumerable.Range(0, 1000).Count(session => known.Meet(Member(1) with { Session = session })));
        Assert.True(known.Meet(Member(2)));
    }

    [Fact]
    public void Of_very_many_an_index_hears_less_often()
    {
        static double LongestOf(int terminals)
        {
            var known = new Acquaintances();
            return Enumerable.Range(0, 20).Select(_ => known.NextPause(terminals).TotalSeconds).Max();
        }

        Assert.Equal([5, 5, 10, 20], ((int[])[8, 5000, 10_000, 100_000]).Select(LongestOf));
        Assert.Equal(0.2, new Acquaintances().NextPause(100_000).TotalSeconds, tolerance: 1e-9);
    }

    [Fact]
    [Trait("Row", "D3")]
    public async Task An_index_names_each_of_many_about_as_often_as_any_other_and_nobody_twice()
    {
        var index = new MemoryChunkIndex(new SimulatedTickets(), new SimulatedTickets(), Options.Create(new P2POptions { MembersPerAnswer = 10, ProvesAddresses = false }), TimeProvider.System) { Chance = static () => new Random(1) };
        var content = ContentId.Parse(new string('1', 64));
        var named = new int[100];
        for (var round = 0; round < 20; round++)
        {
            for (var self = 0; self < 100; self++)
            {
                var view = await index.AnnounceAsync(content, Member(self), Member(self).Device);
                Assert.DoesNotContain(view.Members, member => member.Session == self);
                Assert.Equal(view.Members.Count, view.Members.Select(member => member.Session).Distinct().Count());
                foreach (var member in view.Members)
                {
                    named[member.Session] += round > 0 ? 1 : 0;
                }
            }
        }

        Assert.All(named, times => Assert.InRange(times, 110, 280)); // 190 each on average
    }

    static SwarmMember Member(int number) => new() { Device = $"{number:x64}", Addresses = ["10.0.0.1:7400"], Session = number };
}
