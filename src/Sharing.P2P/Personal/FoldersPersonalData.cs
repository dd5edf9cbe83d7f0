using Sharing.Core;

namespace Sharing.P2P;

/// <summary>On a terminal: the folders that somebody shares, and how their files stand and are given to others. The files themselves are his, lie where he put them, and stay.</summary>
sealed class FoldersPersonalData(IRecordStore records, ISharedFolders folders, OwnShares own, FileLinks links) : IPersonalData
{
    public string Name => "folders";

    public IReadOnlyCollection<string> RecordKinds => ["shared-folder", "shared-file", "file-link"];

    public async Task ExportAsync(PersonId person, IPersonalArchive archive, CancellationToken cancellationToken)
    {
        await archive.AddListAsync("folders", folders.ListAsync(person, cancellationToken), P2PJson.Default.SharedFolder, cancellationToken);
        await archive.AddListAsync("files", folders.FilesAsync(person, cancellationToken: cancellationToken), P2PJson.Default.FolderFile, cancellationToken);
    }

    public async Task<bool> EraseAsync(PersonId person, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var isClean = true; // a file may be under way: what was found is looked for once more
        await foreach (var folder in folders.ListAsync(person, cancellationToken))
        {
            isClean = false;
            await UnlinkAsync(folder.Path, cancellationToken); // as long as it is known where it is
            await folders.StopAsync(person, folder.Path, cancellationToken);
        }

        // A crash, or a file that was under way, leaves files of folders that are shared no more.
        await foreach (var file in records.ScanAsync(FolderStore.AllFiles, FolderRecords.Default.StoredFile, cancellationToken))
        {
            if (await records.GetAsync(FolderStore.FolderKey(file.Key.Part(0)), cancellationToken) is null)
            {
                isClean = false;
                await (file.Value.Content is { } content ? own.UnlinkAsync(content, cancellationToken) : Task.CompletedTask);
                await records.CommitAsync(new RecordBatch().Delete(file.Key, file.Version), cancellationToken);
            }
        }

        return isClean;
    }

    /// <summary>Gives no file of a folder any more.</summary>
    async Task UnlinkAsync(string folder, CancellationToken cancellationToken)
    {
        await foreach (var link in links.ListAsync(cancellationToken).Where(link => SharedFolders.IsIn(link.Path, folder)))
        {
            await links.UnlinkAsync(link.Content.Id, cancellationToken);
        }
    }
}
