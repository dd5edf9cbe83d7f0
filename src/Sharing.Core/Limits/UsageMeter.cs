using System.Globalization;
using System.Text.Json.Serialization;

namespace Sharing.Core;

/// <summary>Buckets that fill evenly: so much at once, and so much more in each period. They are counted in the commits of those who take from them, so no race gets more out than is in. Thread-safe singleton.</summary>
/// <remarks>Record: <c>meter/{whose}/{of what}</c>.</remarks>
public sealed class UsageMeter(IRecordStore records, TimeProvider time)
{
    /// <summary>The kind of its records.</summary>
    internal const string MeterKind = "meter";

    /// <summary>Adds to a batch what takes from a bucket.</summary>
    /// <param name="batch">The caller's batch. Its commit ends in a conflict when others took meanwhile: call again with a new batch.</param>
    /// <param name="whose">Whose bucket, any text of at most 300 characters.</param>
    /// <param name="what">Of what: lower-case letters and hyphens.</param>
    /// <param name="amount">How much.</param>
    /// <param name="size">How much there is in a full one.</param>
    /// <param name="filled">How much of it comes back in a period.</param>
    /// <param name="per">The period.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns><c>null</c>: taken; else, with nothing taken, when there is enough again, or <see cref="TimeSpan.MaxValue"/> where there never is.</returns>
    public async ValueTask<TimeSpan?> TakeAsync(RecordBatch batch, string whose, string what, long amount, long size, double filled, TimeSpan per, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(amount);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(per, TimeSpan.Zero);
        var (key, now) = (RecordKey.Of(MeterKind, whose, what), time.GetUtcNow());
        var before = await records.GetAsync(key, MeterJson.Default.StoredMeter, cancellationToken);
        var left = before is { Value: var was } ? Math.Min(size, was.Left + (Math.Max(0, (now - was.At) / per) * filled)) : size; // a clock that was set back gives nothing
        if (left < amount)
        {
            var periods = filled > 0 && amount <= size ? (amount - left) / filled : double.MaxValue;
            return periods * per.Ticks < TimeSpan.MaxValue.Ticks / 2.0 ? per * periods : TimeSpan.MaxValue;
        }

        batch.Put(key, new(left - amount, now), MeterJson.Default.StoredMeter, before?.Version ?? RecordBatch.Absent);
        return null;
    }

    /// <summary>A length of time for people: "3 h 12 min".</summary>
    internal static string Say(TimeSpan wait) => wait.TotalMinutes <= 1 ? "a minute"
        : string.Create(CultureInfo.InvariantCulture, $"{(wait.TotalDays >= 1 ? $"{(int)wait.TotalDays} d " : "")}{(wait.TotalHours >= 1 ? $"{wait.Hours} h " : "")}{wait.Minutes} min");
}

/// <summary>A bucket.</summary>
/// <param name="Left">How much was in it.</param>
/// <param name="At">When.</param>
sealed record StoredMeter(double Left, DateTimeOffset At);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(StoredMeter))]
sealed partial class MeterJson : JsonSerializerContext;
