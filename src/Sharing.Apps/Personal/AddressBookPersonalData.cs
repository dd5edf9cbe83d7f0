using Sharing.Core;

namespace Sharing.Apps;

/// <summary>What a terminal remembers of the address book that it registered. All of it is about the one whose terminal it is.</summary>
sealed class AddressBookPersonalData(IRecordStore records, PersonId owner) : IPersonalData
{
    public string Name => "address-book";

    public IReadOnlyCollection<string> RecordKinds => ["contact-token", "contact-region"];

    public async Task ExportAsync(PersonId person, IPersonalArchive archive, CancellationToken cancellationToken)
    {
        if (person == owner)
        {
            await archive.AddListAsync("contacts", records.ScanAsync(RecordRange.Under("contact-token"), cancellationToken).Select(static one => one.Key.Part(1)), PersonalAppsJson.Default.String, cancellationToken);
            await archive.AddListAsync(
                "region", records.ScanAsync(RecordRange.Under("contact-region"), RadarJson.Default.String, cancellationToken).Select(static one => one.Value), PersonalAppsJson.Default.String, cancellationToken);
        }
    }

    public async Task<bool> EraseAsync(PersonId person, DateTimeOffset since, CancellationToken cancellationToken)
    {
        if (person == owner)
        {
            await records.DeleteAllAsync(RecordRange.Under("contact-token"), cancellationToken);
            await records.DeleteAllAsync(RecordRange.Under("contact-region"), cancellationToken);
        }

        return true;
    }
}
