using Sharing.Core;

namespace Sharing.P2P;

/// <summary>On a terminal: the folders that somebody shares, and how their files stand. The files themselves are his, lie where he put them, and stay.</summary>
sealed class FoldersPersonalData(IRecordStore records, ISharedFolders folders) : IPersonalData
{
    public string Name => "folders";

    public IReadOnlyCollection<string> RecordKinds => ["shared-folder", "shared-file"];

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
            await folders.StopAsync(person, folder.Path, cancellationToken);
        }

        // A crash, or a file that was under way, leaves files of folders that are shared no more.
        await foreach (var file in records.ScanAsync(FolderStore.AllFiles, cancellationToken))
        {
            if (await records.GetAsync(FolderStore.FolderKey(file.Key.Part(0)), cancellationToken) is null)
            {
                isClean = false;
                await records.CommitAsync(new RecordBatch().Delete(file.Key, file.Version), cancellationToken);
            }
        }

        return isClean;
    }
}
