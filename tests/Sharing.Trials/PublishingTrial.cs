namespace Sharing.Trials;

/// <summary>1,000 publishes at three networks that lose 30 % of their replies, out of a process that is killed 40 times: none twice, none lost (row R3).</summary>
sealed class PublishingTrial : ITrial
{
    const int Shares = 334;

    public string Name => "publishing";

    public int Count => 10;

    public async Task<TrialOutcome> RunAsync(int trial, Random random, CancellationToken cancellationToken)
    {
        var result = await PublishingCourse.RunAsync(
            Path.Combine(AppContext.BaseDirectory, "Sharing.Tests.Child.dll"), Shares, kills: 40, random, cancellationToken);
        return new(result.IsPerfect ? null : result.ToString(), new()
        {
            ["publishes"] = Shares * LossySinks.Networks.Count,
            ["kills"] = result.Kills,
            ["repliesLost"] = result.Cut,
            ["doubles"] = result.Doubles,
            ["missing"] = result.Missing,
        });
    }
}
