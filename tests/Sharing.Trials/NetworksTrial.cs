namespace Sharing.Trials;

/// <summary>1,000 publishes at five networks over lines that lose 30 % of the replies, out of a process that is killed 20 times: none twice, none lost; of a webhook's the ledger says which are unknown (row R3).</summary>
sealed class NetworksTrial : ITrial
{
    const int Shares = 200;

    public string Name => "networks";

    public int Count => 10;

    public async Task<TrialOutcome> RunAsync(int trial, Random random, CancellationToken cancellationToken)
    {
        var result = await NetworksCourse.RunAsync(Path.Combine(AppContext.BaseDirectory, "Sharing.Tests.Child.dll"), Shares, kills: 20, random, cancellationToken);
        return new(result.IsPerfect ? null : result.ToString(), new()
        {
            ["publishes"] = Shares * 5,
            ["kills"] = result.Kills,
            ["repliesLost"] = result.Cut,
            ["doubles"] = result.Doubles,
            ["missing"] = result.Missing,
            ["unknown"] = result.Unknown,
        });
    }
}
