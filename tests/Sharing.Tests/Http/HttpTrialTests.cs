using Sharing.Tests.Laws;
using Sharing.Trials;
using Sharing.Trials.Http;

namespace Sharing.Tests.Http;

/// <summary>The quick form of the trial "http": trials.sh runs the whole one.</summary>
public sealed class HttpTrialTests
{
    [Fact(Timeout = 240_000)]
    public async Task Hidden_broken_and_oversized_requests_are_refused_and_honest_ones_served_meanwhile()
    {
        var trial = new HttpTrial { Server = Repository.Sample("Server", "Server.dll"), Size = SiegeSize.Quick };
        var outcome = await TrialRunner.RunOnceAsync(trial, 0, 3, TestContext.Current.CancellationToken);
        Assert.True(outcome.Failure is null, $"{outcome.Failure} {outcome.Facts}");
    }
}
