namespace Sharing.Trials.Http;

/// <summary>How much is done to a server.</summary>
/// <param name="Idle">Connections that say nothing.</param>
/// <param name="Slow">Connections that say a byte a second.</param>
/// <param name="Windows">How often the honest client is measured without and with all of it.</param>
/// <param name="Requests">Of the honest client, in each.</param>
/// <param name="Judged">Whether times count: the slow are waited for, and the honest client's are compared.</param>
sealed record SiegeSize(int Idle, int Slow, int Windows, int Requests, bool Judged)
{
    public static SiegeSize Whole { get; } = new(10_000, 500, 5, 200, true);

    public static SiegeSize Quick { get; } = new(500, 50, 1, 50, false);
}
