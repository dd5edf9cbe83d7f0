namespace Sharing.Benchmarks;

/// <summary>What one run took.</summary>
/// <param name="Seconds">By the clock on the wall.</param>
/// <param name="CpuSeconds">Of all processors, by the system's account.</param>
/// <param name="Rate">What was done in a second, where the time was given and not the work.</param>
/// <param name="Copies">How often the file's bytes were fetched, or sent, where that counts.</param>
sealed record Cost(double Seconds, double CpuSeconds, double Rate = 0, double Copies = 0)
{
    /// <summary>What else was measured, by name.</summary>
    public IReadOnlyDictionary<string, double> More { get; init; } = new Dictionary<string, double>(StringComparer.Ordinal);
}
