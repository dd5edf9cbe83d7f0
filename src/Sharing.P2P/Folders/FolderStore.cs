using System.Text;
using Sharing.Core;

namespace Sharing.P2P;

/// <summary>The records of shared folders and their files. Thread-safe singleton.</summary>
public sealed class FolderStore(IRecordStore records)
{
    const int KeyBytes = 16;

    /// <summary>A path as a part of a record's key.</summary>
    internal static string KeyOf(string path)
    {
        var hash = new byte[Blake3.HashSize];
        Blake3.Hash(Encoding.UTF8.GetBytes(path), hash);
        return Convert.ToHexStringLower(hash.AsSpan(0, KeyBytes));
    }

    /// <summary>The files of all folders.</summary>
    internal static RecordRange AllFiles { get; } = RecordRange.Under("shared-file");

    internal static RecordKey FolderKey(string key) => RecordKey.Of("shared-folder", key);

    internal IAsyncEnumerable<StoredFolder> FoldersAsync(CancellationToken cancellationToken) =>
        records.ScanAsync(RecordRange.Under("shared-folder"), FolderRecords.Default.StoredFolder, cancellationToken).Select(static record => record.Value);

    internal IAsyncEnumerable<StoredFile> FilesAsync(StoredFolder folder, CancellationToken cancellationToken) =>
        records.ScanAsync(RecordRange.Under("shared-file", folder.Key), FolderRecords.Default.StoredFile, cancellationToken).Select(static record => record.Value);

    /// <summary>Whether a folder is shared.</summary>
    internal async ValueTask<bool> HasAsync(StoredFolder folder, CancellationToken cancellationToken) => await records.GetAsync(FolderKey(folder), cancellationToken) is not null;

    internal async Task PutAsync(StoredFolder folder, CancellationToken cancellationToken) =>
        await records.CommitAsync(new RecordBatch().Put(FolderKey(folder), folder, FolderRecords.Default.StoredFolder, RecordBatch.Any), cancellationToken);

    internal async Task PutAsync(StoredFolder folder, StoredFile file, CancellationToken cancellationToken) =>
        await records.CommitAsync(new RecordBatch().Put(FileKey(folder, file), file, FolderRecords.Default.StoredFile, RecordBatch.Any), cancellationToken);

    /// <summary>A file has another path.</summary>
    internal async Task MoveAsync(StoredFolder folder, StoredFile from, StoredFile to, CancellationToken cancellationToken) => await records.CommitAsync(
        new RecordBatch().Delete(FileKey(folder, from), RecordBatch.Any).Put(FileKey(folder, to), to, FolderRecords.Default.StoredFile, RecordBatch.Any), cancellationToken);

    internal async Task DeleteAsync(StoredFolder folder, StoredFile file, CancellationToken cancellationToken) =>
        await records.CommitAsync(new RecordBatch().Delete(FileKey(folder, file), RecordBatch.Any), cancellationToken);

    internal async Task DeleteAsync(StoredFolder folder, CancellationToken cancellationToken) =>
        await records.CommitAsync(new RecordBatch().Delete(FolderKey(folder), RecordBatch.Any), cancellationToken);

    static RecordKey FolderKey(StoredFolder folder) => FolderKey(folder.Key);

    static RecordKey FileKey(StoredFolder folder, StoredFile file) => RecordKey.Of("shared-file", folder.Key, file.Key);
}
