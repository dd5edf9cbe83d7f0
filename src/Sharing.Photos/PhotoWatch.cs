using System.Runtime.CompilerServices;
using Sharing.Core;

namespace Sharing.Photos;

/// <summary>Looks again whenever a record of the kind changes, and each minute. Thread-safe singleton.</summary>
sealed class PhotoWatch(IPhotoFolders folders, IPhotoEntries entries, IRecordWatch watch, TimeProvider time) : IPhotoWatch
{
    static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(1);

    public async IAsyncEnumerable<PhotoFolder> WatchFolderAsync(PersonId actor, FolderId id, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        PhotoFolder? told = null;
        for (var seen = 0L; ;)
        {
            seen = await watch.WaitAsync("photo-folder", seen, LookAgain, time, cancellationToken);
            if (await folders.FindAsync(actor, id, cancellationToken) is not { } folder)
            {
                yield break;
            }

            if (folder != told)
            {
                yield return told = folder;
            }
        }
    }

    public async IAsyncEnumerable<GrantView> WatchGrantsAsync(PersonId actor, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var seen = await watch.WaitAsync("grant", 0, cancellationToken);
        var told = await entries.ListAsync(actor, cancellationToken).Select(static view => view.Id).ToHashSetAsync(cancellationToken: cancellationToken);
        while (true)
        {
            seen = await watch.WaitAsync("grant", seen, LookAgain, time, cancellationToken);
            await foreach (var view in entries.ListAsync(actor, cancellationToken))
            {
                if (!told.Add(view.Id))
                {
                    break; // the newest come first
                }

                yield return view;
            }
        }
    }
}
