namespace Sharing.Messaging;

/// <summary>What is kept of an interest.</summary>
/// <param name="Times">How often it was shown.</param>
/// <param name="Weight">What it counted when it was shown last.</param>
/// <param name="At">When that was.</param>
sealed record StoredInterest(int Times, double Weight, DateTimeOffset At)
{
    static readonly TimeSpan HalfLife = TimeSpan.FromDays(30);

    public double WeightAt(DateTimeOffset now) => Weight * Math.Pow(0.5, Math.Max(0, (now - At) / HalfLife));

    public StoredInterest More(double weight, DateTimeOffset now) => new(Times + 1, WeightAt(now) + weight, now);
}
