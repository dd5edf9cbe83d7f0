using Sharing.Core;

namespace Sharing.Apps;

/// <summary>What people show of their apps, and to whom they pushed it.</summary>
sealed class AppsPersonalData(IRecordStore records, IRelationshipGraph graph, TimeProvider time) : IPersonalData
{
    readonly AppLists _lists = new(records, graph, time);

    public string Name => "apps";

    public IReadOnlyCollection<string> RecordKinds => ["apps", "apps-pushed"];

    public async Task ExportAsync(PersonId person, IPersonalArchive archive, CancellationToken cancellationToken)
    {
        await archive.AddListAsync(
            "shown", records.ScanAsync(RecordRange.One(AppLists.KeyOf(person)), AppsJson.Default.AppSharing, cancellationToken).Select(static one => one.Value), AppsJson.Default.AppSharing, cancellationToken);
        await archive.AddListAsync("pushed", PushedByAsync(person, cancellationToken).Select(static one => one.Value), AppsJson.Default.PushedList, cancellationToken);
        await archive.AddListAsync("received", _lists.ReceivedAsync(person, cancellationToken), PersonalAppsJson.Default.ReceivedList, cancellationToken);
    }

    public async Task<bool> EraseAsync(PersonId person, DateTimeOffset since, CancellationToken cancellationToken)
    {
        await records.DeleteAllAsync(RecordRange.One(AppLists.KeyOf(person)), cancellationToken);
        await records.DeleteAllAsync(RecordRange.Under("apps-pushed", PersonKey.Of(person)), cancellationToken);
        await records.DeleteAllAsync(PushedByAsync(person, cancellationToken).Select(static one => one.Key), cancellationToken);
        await foreach (var other in records.ScanAsync(RecordRange.Under("apps"), AppsJson.Default.AppSharing, cancellationToken).Where(one => Names(one.Value, person)))
        {
            await records.ChangeAsync(batch => LeaveAsync(batch, other.Key, person, cancellationToken), cancellationToken);
        }

        return true;
    }

    /// <summary>Adds to a batch that another's list names somebody no longer.</summary>
    async ValueTask<bool> LeaveAsync(RecordBatch batch, RecordKey key, PersonId person, CancellationToken cancellationToken)
    {
        if (await records.GetAsync(key, AppsJson.Default.AppSharing, cancellationToken) is not { Value: var sharing } stored || !Names(sharing, person))
        {
            return false;
        }

        var left = sharing with
        {
            Muted = [.. sharing.Muted.Where(one => one != person)],
            Apps = [.. sharing.Apps.Select(app => app with { Audience = app.Audience.Without(person) })],
        };
        batch.Put(key, left, AppsJson.Default.AppSharing, stored.Version);
        return true;
    }

    static bool Names(AppSharing sharing, PersonId person) => sharing.Muted.Contains(person) || sharing.Apps.Any(app => app.Audience.People?.Contains(person) == true);

    IAsyncEnumerable<Versioned<PushedList>> PushedByAsync(PersonId person, CancellationToken cancellationToken) =>
        records.ScanAsync(RecordRange.Under("apps-pushed"), AppsJson.Default.PushedList, cancellationToken).Where(one => one.Value.From == person);
}
