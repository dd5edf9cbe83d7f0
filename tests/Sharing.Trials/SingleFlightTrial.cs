namespace Sharing.Trials;

/// <summary>200 shares of one address at once from 4 processes: one download from the origin (row R6).</summary>
sealed class SingleFlightTrial : ITrial
{
    const int Shares = 200;

    public string Name => "single-flight";

    public int Count => 20;

    public async Task<TrialOutcome> RunAsync(int trial, Random random, CancellationToken cancellationToken)
    {
        var result = await SingleFlightCourse.RunAsync(
            Path.Combine(AppContext.BaseDirectory, "Server.dll"), Path.Combine(AppContext.BaseDirectory, "Sharing.Tests.Child.dll"), Shares, random,
            cancellationToken);
        return new(result is { Requests: 1, Shared: Shares, Intact: 4 } ? null : result.ToString(), new()
        {
            ["shares"] = result.Shared,
            ["originRequests"] = result.Requests,
        });
    }
}
