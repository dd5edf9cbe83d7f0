using Sharing.Core;

namespace Sharing.Offline;

/// <summary>A person's download list.</summary>
sealed class DownloadsPersonalData(IRecordStore records, IDownloads downloads) : IPersonalData
{
    public string Name => "downloads";

    public IReadOnlyCollection<string> RecordKinds => ["download", "download-key", "download-last"];

    public Task ExportAsync(PersonId person, IPersonalArchive archive, CancellationToken cancellationToken) => archive.AddListAsync(
        "downloads", ListAsync(person, cancellationToken).Select(static one => one.Value.ToItem()), WireJson.Default.DownloadItem, cancellationToken);

    public async Task<bool> EraseAsync(PersonId person, DateTimeOffset since, CancellationToken cancellationToken)
    {
        await foreach (var item in ListAsync(person, cancellationToken))
        {
            await downloads.ChangeAsync(person, item.Value.Id, DownloadCommand.Cancel, cancellationToken);
        }

        await records.DeleteAllAsync(RecordRange.Under("download-key", person.Value), cancellationToken);
        await records.DeleteAllAsync(RecordRange.One(RecordKey.Of("download-last", person.Value)), cancellationToken);
        return true;
    }

    IAsyncEnumerable<Versioned<StoredDownload>> ListAsync(PersonId person, CancellationToken cancellationToken) =>
        records.ScanAsync(RecordRange.Under("download", person.Value), OfflineJson.Default.StoredDownload, cancellationToken);
}
