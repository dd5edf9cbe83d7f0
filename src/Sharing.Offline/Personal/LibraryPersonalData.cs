using Sharing.Core;

namespace Sharing.Offline;

/// <summary>What a person has kept in the offline library. What nobody else keeps goes with him.</summary>
sealed class LibraryPersonalData(IRecordStore records, OfflineLibrary library) : IPersonalData
{
    public string Name => "library";

    public IReadOnlyCollection<string> RecordKinds => ["offline", "offline-hold", "offline-by"];

    public Task ExportAsync(PersonId person, IPersonalArchive archive, CancellationToken cancellationToken) =>
        archive.AddListAsync("items", library.ListAsync(person, cancellationToken), WireJson.Default.OfflineItem, cancellationToken);

    public async Task<bool> EraseAsync(PersonId person, DateTimeOffset since, CancellationToken cancellationToken)
    {
        await foreach (var held in records.ScanAsync(RecordRange.Under("offline-by", person.Value), cancellationToken))
        {
            await library.RemoveAsync(person, ResourceId.Parse(held.Key.Part(1)), cancellationToken);
        }

        return true;
    }
}
