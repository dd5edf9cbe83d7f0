using Sharing.Trials;

namespace Sharing.Tests.Fetching;

/// <summary>The quick form of the trial "ssrf": trials.sh runs the whole one. Where no network namespace can be made it fails.</summary>
[Trait("Row", "S1")]
[Trait("Row", "S2")]
[Trait("Row", "S3")]
[Trait("Row", "S8")]
public sealed class SsrfTrialTests
{
    [Fact(Timeout = 200_000)]
    public async Task No_packet_leaves_for_a_forbidden_address_from_any_place_that_fetches_and_all_failures_are_told_alike()
    {
        var trial = new SsrfTrial { Parts = 600 };
        var outcome = await TrialRunner.RunOnceAsync(trial, 17, 1, TestContext.Current.CancellationToken);
        Assert.True(outcome.Failure is null, $"{outcome.Failure} {outcome.Facts}");
        Assert.InRange((int)outcome.Facts["spellings"]!, 5, 100);
        Assert.Equal(9, outcome.Facts["entryPoints"]!.AsObject().Count);
        Assert.Equal(0, (int)outcome.Facts["forbiddenPackets"]!);
        Assert.InRange((int)outcome.Facts["controlPackets"]!, 30, 10_000);
    }
}
