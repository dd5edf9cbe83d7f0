using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.Apps;

/// <summary>How many new contacts an account may still try: a bucket that fills by so many a day. Thread-safe singleton.</summary>
/// <remarks>It outlives a registration: withdrawing and registering again gives nothing back. Records: <c>radar-budget/{person}</c>.</remarks>
sealed class ContactBudget(IRecordStore records, IOptions<RadarOptions> options, TimeProvider time) : ISweep
{
    /// <summary>Deletes those that are full again, which say no more than none does.</summary>
    public async Task SweepAsync(Action<RecordBatch> guard, CancellationToken cancellationToken = default)
    {
        await foreach (var budget in records.ScanAsync(RecordRange.Under("radar-budget"), RadarJson.Default.StoredBudget, cancellationToken))
        {
            if (LeftOf(budget.Value, time.GetUtcNow()) >= options.Value.ContactBudget)
            {
                var batch = new RecordBatch().Delete(budget.Key, budget.Version);
                guard(batch);
                await records.CommitAsync(batch, cancellationToken);
            }
        }
    }

    /// <summary>What somebody has left; <c>null</c>: all of it.</summary>
    public async ValueTask<StoredBudget?> FindAsync(PersonId person, CancellationToken cancellationToken) => (await records.GetAsync(KeyOf(person), RadarJson.Default.StoredBudget, cancellationToken))?.Value;

    /// <summary>Takes so many from it.</summary>
    /// <exception cref="SharingException"><see cref="ProblemCodes.LimitReached"/>: there are not so many.</exception>
    public Task SpendAsync(PersonId actor, int contacts, CancellationToken cancellationToken) => records.ChangeAsync(
        async batch =>
        {
            var (key, now, limits) = (KeyOf(actor), time.GetUtcNow(), options.Value);
            var before = await records.GetAsync(key, RadarJson.Default.StoredBudget, cancellationToken);
            var left = before is { Value: var was } ? LeftOf(was, now) : limits.ContactBudget;
            if (left < contacts)
            {
                throw new SharingException(ProblemCodes.LimitReached, $"So many new contacts cannot be looked for now. Each day {limits.ContactsPerDay} more can.");
            }

            batch.Put(key, new(left - contacts, now), RadarJson.Default.StoredBudget, before?.Version ?? RecordBatch.Absent);
            return true;
        },
        cancellationToken);

    double LeftOf(StoredBudget was, DateTimeOffset now) => Math.Min(options.Value.ContactBudget, was.Left + (Math.Max(0, (now - was.At).TotalDays) * options.Value.ContactsPerDay));

    static RecordKey KeyOf(PersonId person) => RecordKey.Of("radar-budget", PersonKey.Of(person));
}
