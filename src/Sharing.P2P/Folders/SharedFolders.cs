using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.P2P;

/// <summary>Shared folders in records. Thread-safe singleton.</summary>
public sealed class SharedFolders(
    FolderStore store, FolderSignal signal, FolderProgress progress, FileSharing sharing, ShareServers servers, DeviceIdentity identity, IOptions<P2POptions> options) : ISharedFolders
{
    /// <inheritdoc/>
    public async Task AddAsync(PersonId actor, SharedFolder folder, CancellationToken cancellationToken = default)
    {
        var path = FullPath(folder.Path);
        Require(Directory.Exists(path), $"There is no folder {path}.");
        Require(folder.Audience.Kind != AudienceKind.Named, "A folder is shared with everyone, friends or followers.");
        await foreach (var other in store.FoldersAsync(cancellationToken))
        {
            var nested = other.Folder.Path != path && (IsIn(path, other.Folder.Path) || IsIn(other.Folder.Path, path));
            Require(!nested, $"{other.Folder.Path} is shared already: of two folders, one in the other, only one can be.");
            Require(other.Folder.Path != path || other.Owner == actor, $"{path} is shared by somebody else.");
        }

        await store.PutAsync(new StoredFolder(actor, folder with { Path = path }), cancellationToken);
        signal.Set();
    }

    /// <inheritdoc/>
    public async Task<bool> StopAsync(PersonId actor, string path, CancellationToken cancellationToken = default)
    {
        path = FullPath(path);
        if (await store.FoldersAsync(cancellationToken).FirstOrDefaultAsync(known => known.Owner == actor && known.Folder.Path == path, cancellationToken) is not { } folder)
        {
            return false;
        }

        await store.DeleteAsync(folder, cancellationToken); // from here on nothing new is begun
        signal.Set();
        await foreach (var file in store.FilesAsync(folder, cancellationToken))
        {
            await sharing.ForgetAsync(folder, file, cancellationToken);
        }

        return true;
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<SharedFolder> ListAsync(PersonId actor, CancellationToken cancellationToken = default) =>
        store.FoldersAsync(cancellationToken).Where(folder => folder.Owner == actor).Select(static folder => folder.Folder);

    /// <inheritdoc/>
    public async IAsyncEnumerable<FolderFile> FilesAsync(PersonId actor, string? path = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var wanted = path is null ? null : FullPath(path);
        var device = await identity.NameAsync(cancellationToken);
        await foreach (var folder in store.FoldersAsync(cancellationToken))
        {
            if (folder.Owner == actor && (wanted is null || folder.Folder.Path == wanted))
            {
                var known = new HashSet<string>(StringComparer.Ordinal);
                await foreach (var file in store.FilesAsync(folder, cancellationToken))
                {
                    known.Add(file.Path);
                    yield return Show(folder, file, device);
                }

                foreach (var (name, stamp) in Found(folder).Where(found => !known.Contains(found.Key)))
                {
                    yield return new() { Folder = folder.Folder.Path, Path = name, Length = stamp.Length, State = FolderFileState.Waiting };
                }
            }
        }
    }

    /// <summary>What is there, also what has not been looked at yet; nothing, where the folder cannot be read.</summary>
    static IReadOnlyDictionary<string, FileStamp> Found(StoredFolder folder)
    {
        try
        {
            return FolderListing.Read(folder.Folder.Path);
        }
        catch (IOException)
        {
            return new Dictionary<string, FileStamp>(StringComparer.Ordinal);
        }
    }

    FolderFile Show(StoredFolder folder, StoredFile file, string device)
    {
        var now = progress.Of(FileSharing.FullPath(folder, file));
        var link = file.Share is { } share && servers.Home is { } home
            ? new ShareLink { Server = home.Server, Share = share, Device = options.Value.Addresses.Count > 0 ? device : null, Addresses = [.. options.Value.Addresses] }.ToString()
            : null;
        return new()
        {
            Folder = folder.Folder.Path, Path = file.Path, Length = file.Stamp.Length, Failure = file.Failure, Again = file.Again, Share = file.Share, Link = link,
            State = now?.State ?? StateOf(file), Done = now?.Done ?? (file.IsShared ? file.Stamp.Length : 0),
        };
    }

    static FolderFileState StateOf(StoredFile file) => file switch
    {
        { IsDeleted: true } => FolderFileState.Deleted,
        { IsShared: true } => FolderFileState.Shared,
        { Failure: not null } => FolderFileState.Failed,
        { Upload: not null } => FolderFileState.Uploading,
        _ => FolderFileState.Waiting,
    };

    static string FullPath(string path) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));

    internal static bool IsIn(string path, string folder) => path.StartsWith(Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    static void Require(bool fits, string message)
    {
        if (!fits)
        {
            throw new SharingException(ProblemCodes.InvalidInput, message);
        }
    }
}
