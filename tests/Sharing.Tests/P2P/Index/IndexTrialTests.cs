using Sharing.Trials;

namespace Sharing.Tests.P2P.Index;

public sealed class IndexTrialTests
{
    [Fact]
    [Trait("Row", "D6")]
    public async Task No_chunk_is_believed_nowhere_while_a_terminal_that_can_be_reached_has_it_whatever_happens()
    {
        for (var i = 0; i < 50; i++)
        {
            var outcome = await TrialRunner.RunOnceAsync(new IndexTrial(), i, 7, TestContext.Current.CancellationToken);
            Assert.True(outcome.Failure is null, $"{i}: {outcome.Failure}");
            foreach (var placement in (string[])["server", "servers", "spread"])
            {
                Assert.True((int)outcome.Facts[placement]!["judged"]! > 0, $"{i}: the judge had nothing to judge");
            }
        }
    }
}
