using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.P2P;

/// <summary>Sees to one file of a shared folder: hashes it, gives it to others from where it is, uploads it, and keeps what became of it. Thread-safe singleton; one file at a time.</summary>
/// <remarks>What was done is written down after each step: the upload's address before its first byte is sent, so that after a crash it goes on from where the server stands.</remarks>
public sealed class FileSharing(
    FolderStore store, FileLinks links, HeldShares held, OwnShares own, ShareServers servers, DeviceIdentity identity, FolderProgress progress, FolderPace pace, IOptions<FolderOptions> options,
    TimeProvider time, ILogger<FileSharing> logger)
{
    static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    /// <summary>Where a file is.</summary>
    internal static string FullPath(StoredFolder folder, StoredFile file) => FullPath(folder, file.Path);

    /// <summary>Says that this terminal is a person's.</summary>
    /// <returns>Whether the server heard it.</returns>
    internal async Task<bool> TryRegisterAsync(PersonId person, CancellationToken cancellationToken)
    {
        try
        {
            await servers.DeliveriesAt(servers.Home!.Server).RegisterAsync(person, await identity.NameAsync(cancellationToken), cancellationToken);
            return true;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && e is HttpRequestException or SharingException)
        {
            return false; // the next time
        }
    }

    /// <summary>Does what is to be done.</summary>
    /// <returns>When it is tried again; <c>null</c>: it is done, or the folder is to be looked at again.</returns>
    internal async Task<DateTimeOffset?> DoAsync(StoredFolder folder, FolderTask task, CancellationToken cancellationToken)
    {
        var path = FullPath(folder, task.Path);
        var file = task.File;
        try
        {
            if (task.Kind == FolderTaskKind.Delete)
            {
                await DeletedAsync(folder, file!, cancellationToken);
                return null;
            }

            file = await HashAsync(folder, task, cancellationToken);
            if (file is { IsShared: false } && await store.HasAsync(folder, cancellationToken))
            {
                await UploadAsync(folder, file, cancellationToken);
            }
            else if (file is { IsShared: false })
            {
                await ForgetAsync(folder, file, cancellationToken); // the folder is shared no more: hashing takes its time
            }

            return null;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && e is SharingException or IOException or HttpRequestException or UnauthorizedAccessException)
        {
            var current = await store.FilesAsync(folder, cancellationToken).FirstOrDefaultAsync(known => known.Path == task.Path, cancellationToken);
            return FileStamp.Of(path) != task.Stamp ? null : await FailedAsync(folder, current ?? new() { Path = task.Path, Stamp = task.Stamp }, e, cancellationToken);
        }
        finally
        {
            progress.Clear(path);
        }
    }

    /// <summary>A file's folder is shared no more: an upload under way is given up, what the server has stays.</summary>
    internal async Task ForgetAsync(StoredFolder folder, StoredFile file, CancellationToken cancellationToken)
    {
        await GiveUpAsync(folder, file, cancellationToken);
        if (file.Share is { } share)
        {
            await own.ForgetAsync(share, cancellationToken);
        }
        else if (file.Content is { } content)
        {
            await own.UnlinkAsync(content, cancellationToken);
        }

        await store.DeleteAsync(folder, file, cancellationToken);
    }

    static string FullPath(StoredFolder folder, string path) => Path.Combine(folder.Folder.Path, path);

    /// <summary>Hashes a file, unless that was done, and finds out whether it is really another one than before.</summary>
    /// <returns>What is known of it; <c>null</c>: it was changed meanwhile.</returns>
    async Task<StoredFile?> HashAsync(StoredFolder folder, FolderTask task, CancellationToken cancellationToken)
    {
        var path = FullPath(folder, task.Path);
        if (task.File is { Content: { } hashed } ready && ready.Stamp == task.Stamp && !ready.IsDeleted && await links.FindAsync(hashed, cancellationToken) is { } link && link.Path == path)
        {
            return ready;
        }

        var done = 0L;
        progress.Set(path, FolderFileState.Hashing, 0);
        var linked = await links.LinkAsync(
            path,
            (read, token) =>
            {
                progress.Set(path, FolderFileState.Hashing, done += read);
                return pace.HashedAsync(token);
            },
            cancellationToken);
        if (linked is null || linked.Stamp != task.Stamp)
        {
            return null;
        }

        if (task.File is { } before)
        {
            return await ChangedAsync(folder, before, linked, cancellationToken);
        }

        var file = new StoredFile { Path = task.Path, Stamp = linked.Stamp, Content = linked.Content.Id };
        if (await FindRenamedAsync(folder, linked, cancellationToken) is { } renamed)
        {
            file = renamed with { Path = task.Path, Stamp = linked.Stamp, IsDeleted = false };
            await store.MoveAsync(folder, renamed, file, cancellationToken);
            return file;
        }

        await store.PutAsync(folder, file, cancellationToken);
        return file;
    }

    /// <summary>A file that was known is as it was, whatever its time says; or it is another one, which replaces what it was.</summary>
    async Task<StoredFile> ChangedAsync(StoredFolder folder, StoredFile before, FileLink linked, CancellationToken cancellationToken)
    {
        var file = before with { Stamp = linked.Stamp, Content = linked.Content.Id, IsDeleted = false, Failure = null, Failures = 0, Again = null };
        if (before.Content is { } content && content != linked.Content.Id)
        {
            await GiveUpAsync(folder, before, cancellationToken);
            if (before is { IsShared: false, Share: { } begun })
            {
                await own.ForgetAsync(begun, cancellationToken);
            }

            file = file with { Upload = null, Share = null, IsShared = false, Replaces = before.IsShared ? before.Share : before.Replaces };
        }

        await store.PutAsync(folder, file, cancellationToken);
        return file;
    }

    async Task<StoredFile?> FindRenamedAsync(StoredFolder folder, FileLink linked, CancellationToken cancellationToken)
    {
        await foreach (var other in store.FilesAsync(folder, cancellationToken))
        {
            if (other.Content == linked.Content.Id && !File.Exists(FullPath(folder, other)))
            {
                return other;
            }
        }

        return null;
    }

    async Task UploadAsync(StoredFolder folder, StoredFile file, CancellationToken cancellationToken)
    {
        var (path, home) = (FullPath(folder, file), servers.Home ?? throw new SharingException(ProblemCodes.RoleNotHere, "This terminal has no space on a shared-data server."));
        var client = servers.UploadsOf(folder.Owner);
        progress.Set(path, FolderFileState.Uploading, 0);
        if (file.Upload is null)
        {
            var address = await client.CreateAsync(home.Space, file.Stamp.Length, MetadataOf(folder, file), cancellationToken);
            file = file with { Upload = address, Share = ShareId.Parse(address.Segments[^1].TrimEnd('/')) };
            await store.PutAsync(folder, file, cancellationToken);
        }

        await KnownAsync(folder, file, home, isComplete: false, cancellationToken);
        try
        {
            var settings = new UploadSettings { Attempts = 3, Progress = new Told(done => progress.Set(path, FolderFileState.Uploading, done)) };
            await client.ResumeAsync(file.Upload, SharedFileSource.Of(path, file.Stamp, pace), settings, cancellationToken);
        }
        catch (SharingException e) when (e.Code is ProblemCodes.NotFound or ProblemCodes.ChecksumMismatch or ProblemCodes.InvalidInput)
        {
            await own.ForgetAsync(file.Share!.Value, cancellationToken);
            await store.PutAsync(folder, file with { Upload = null, Share = null, Content = null }, cancellationToken); // it begins anew
            throw;
        }

        file = file with { Upload = null, IsShared = true, Failure = null, Failures = 0, Again = null };
        await store.PutAsync(folder, file, cancellationToken);
        await KnownAsync(folder, file, home, isComplete: true, cancellationToken);
        if (file.Replaces is { } old)
        {
            await servers.SharesAt(home.Server).RemoveAsync(folder.Owner, old, cancellationToken);
            await own.ForgetAsync(old, cancellationToken);
            await store.PutAsync(folder, file with { Replaces = null }, cancellationToken);
        }

        P2PLog.FileShared(logger, path, file.Share!.Value);
    }

    /// <summary>From here on others can take it from this terminal, with tickets of the server.</summary>
    async Task KnownAsync(StoredFolder folder, StoredFile file, ShareHome home, bool isComplete, CancellationToken cancellationToken)
    {
        var (shares, share) = (servers.SharesAt(home.Server), file.Share!.Value);
        if (await shares.OpenAsync(folder.Owner, share, await identity.NameAsync(cancellationToken), cancellationToken) is { } manifest)
        {
            await held.AddAsync(manifest, home.Server, folder.Owner, cancellationToken);
            var open = folder.Folder.Audience == Audience.Everyone ? await shares.OpenAsync(folder.Owner, share, null, cancellationToken) : null;
            await own.KeepAsync(share, new(folder.Owner, home.Server, manifest.Content, manifest.Name, isComplete, open), cancellationToken);
        }
    }

    async Task DeletedAsync(StoredFolder folder, StoredFile file, CancellationToken cancellationToken)
    {
        if (!file.IsShared || folder.Folder.RemovesDeleted)
        {
            if (file is { IsShared: true, Share: { } share })
            {
                await servers.SharesAt(servers.Home!.Server).RemoveAsync(folder.Owner, share, cancellationToken);
            }

            await ForgetAsync(folder, file, cancellationToken);
            return;
        }

        await store.PutAsync(folder, file with { IsDeleted = true }, cancellationToken);
        await links.UnlinkAsync(file.Content!.Value, cancellationToken);
    }

    /// <summary>Ends an upload under way; where the server does not hear it, it forgets it by itself.</summary>
    async Task GiveUpAsync(StoredFolder folder, StoredFile file, CancellationToken cancellationToken)
    {
        try
        {
            if (file is { Upload: { } upload, IsShared: false })
            {
                await servers.UploadsOf(folder.Owner).EndAsync(upload, cancellationToken);
            }
        }
        catch (SharingException) when (!cancellationToken.IsCancellationRequested)
        {
            // It expires.
        }
    }

    async Task<DateTimeOffset> FailedAsync(StoredFolder folder, StoredFile file, Exception error, CancellationToken cancellationToken)
    {
        var code = error is SharingException { Code: var known } ? known : error is HttpRequestException ? ProblemCodes.FetchFailed : ProblemCodes.Internal;
        var failures = file.Failures + 1;
        var wait = code switch
        {
            ProblemCodes.FetchFailed or ProblemCodes.Internal or ProblemCodes.UploadInterrupted or ProblemCodes.NotFound or ProblemCodes.ChecksumMismatch => options.Value.ReachAgainAfter,
            _ => options.Value.TryAgainAfter * Math.Pow(2, Math.Min(10, failures - 1)),
        };
        var again = time.GetUtcNow() + (wait < LongestWait ? wait : LongestWait);
        await store.PutAsync(folder, file with { Failure = code, Failures = failures, Again = again }, cancellationToken);
        P2PLog.FileFailed(logger, FullPath(folder, file), error.Message, again);
        return again;
    }

    static UploadMetadata MetadataOf(StoredFolder folder, StoredFile file) => UploadMetadata.Of(
    [
        new("filename", file.Path[(file.Path.LastIndexOf('/') + 1)..]), new("content", file.Content!.Value.ToString()),
        new("audience", folder.Folder.Audience.Kind switch { AudienceKind.Everyone => "everyone", AudienceKind.Followers => "followers", _ => "friends" }),
    ]);

    sealed class Told(Action<long> tell) : IProgress<long>
    {
        public void Report(long value) => tell(value);
    }
}
