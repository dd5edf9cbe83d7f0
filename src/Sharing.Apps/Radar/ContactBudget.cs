using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.Apps;

/// <summary>How many new contacts an account may still try: a bucket that fills by so many a day. Thread-safe singleton.</summary>
/// <remarks>It outlives a registration: withdrawing and registering again gives nothing back. Records: <c>radar-budget/{person}</c>.</remarks>
sealed class ContactBudget(IRecordStore records, IOptions<RadarOptions> options, TimeProvider time)
{
    /// <summary>Takes so many from it.</summary>
    /// <exception cref="SharingException"><see cref="ProblemCodes.LimitReached"/>: there are not so many.</exception>
    public Task SpendAsync(PersonId actor, int contacts, CancellationToken cancellationToken) => records.ChangeAsync(
        async batch =>
        {
            var (key, now, limits) = (RecordKey.Of("radar-budget", PersonKey.Of(actor)), time.GetUtcNow(), options.Value);
            var before = await records.GetAsync(key, RadarJson.Default.StoredBudget, cancellationToken);
            var left = before is { Value: var was }
                ? Math.Min(limits.ContactBudget, was.Left + (Math.Max(0, (now - was.At).TotalDays) * limits.ContactsPerDay))
                : limits.ContactBudget;
            if (left < contacts)
            {
                throw new SharingException(ProblemCodes.LimitReached, $"So many new contacts cannot be looked for now. Each day {limits.ContactsPerDay} more can.");
            }

            batch.Put(key, new(left - contacts, now), RadarJson.Default.StoredBudget, before?.Version ?? RecordBatch.Absent);
            return true;
        },
        cancellationToken);
}
