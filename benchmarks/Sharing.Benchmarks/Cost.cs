namespace Sharing.Benchmarks;

/// <summary>What one run took.</summary>
/// <param name="Seconds">By the clock on the wall.</param>
/// <param name="CpuSeconds">Of all processors, by the system's account.</param>
/// <param name="Rate">What was done in a second, where the time was given and not the work.</param>
sealed record Cost(double Seconds, double CpuSeconds, double Rate = 0);
