using System.Collections.Concurrent;

namespace Sharing.Core;

/// <summary>Brings contents into the folder and out of it, and says which are visible.</summary>
/// <remarks>
/// <para>A content is visible when both files are there, fit each other, and its last publish was made durable: until the directory has been flushed
/// its id is hidden, so that nobody commits a reference to bytes that a power cut would take. A publish that failed at that
/// point stays hidden until another one succeeds.</para>
/// <para>One lock for each of the 256 directories: publishes and deletions of one id are one after the other.</para>
/// </remarks>
sealed class FolderPublisher(FolderLayout layout, FlushHealth health)
{
    readonly Lock[] _locks = [.. Enumerable.Range(0, 256).Select(_ => new Lock())];
    readonly ConcurrentDictionary<ContentId, bool> _hidden = new();

    public ContentInfo? Find(ContentId id)
    {
        var data = new FileInfo(layout.DataOf(id));
        if (!data.Exists)
        {
            return null;
        }

        var groups = new FileInfo(layout.GroupsOf(id));
        var info = new ContentInfo(id, data.Length);
        return groups.Exists && groups.Length == ContentLayout.AreaLength(ContentArea.Groups, info.Length) && !_hidden.ContainsKey(id)
            ? info
            : null; // the look at what is hidden comes last: what was seen before was durable if it is not hidden now
    }

    public FolderContentReader? Open(ContentId id)
    {
        var reader = FolderContentReader.Open(layout, id);
        if (reader is null || !_hidden.ContainsKey(id))
        {
            return reader;
        }

        reader.Close();
        return null;
    }

    /// <summary>Runs alone on the partial; where it throws, the partial is as it was, or lost.</summary>
    public void Publish(FolderPartialContent partial, ContentInfo info)
    {
        if (Find(info.Id) is not null)
        {
            partial.Drop();
            return;
        }

        partial.Finish(info);
        lock (LockOf(info.Id))
        {
            if (Find(info.Id) is not null)
            {
                partial.Drop();
                return;
            }

            MakeDirectory(layout.DirectoryOf(info.Id));
            _hidden[info.Id] = true;
            MoveIn(partial.Key, info.Id);
            try
            {
                health.FlushDirectory(layout.DirectoryOf(info.Id));
            }
            catch
            {
                DeleteFiles(info.Id);
                partial.Lose();
                throw;
            }

            _hidden.TryRemove(info.Id, out _);
        }
    }

    public bool Delete(ContentId id)
    {
        lock (LockOf(id))
        {
            var visible = Find(id) is not null;
            if (!File.Exists(layout.DataOf(id)) && !File.Exists(layout.GroupsOf(id)))
            {
                return false;
            }

            DeleteFiles(id);
            health.FlushDirectory(layout.DirectoryOf(id));
            return visible;
        }
    }

    // The groups go first: data in place means that both are.
    void MoveIn(string key, ContentId id)
    {
        File.Move(layout.PartialGroupsOf(key), layout.GroupsOf(id), overwrite: true);
        try
        {
            File.Move(layout.PartialDataOf(key), layout.DataOf(id), overwrite: true);
        }
        catch
        {
            File.Move(layout.GroupsOf(id), layout.PartialGroupsOf(key), overwrite: true);
            throw;
        }
    }

    void MakeDirectory(string directory)
    {
        if (Directory.Exists(directory))
        {
            return;
        }

        Directory.CreateDirectory(directory);
        try
        {
            health.FlushDirectory(layout.Contents);
        }
        catch
        {
            Directory.Delete(directory); // made anew next time, not trusted because it is there
            throw;
        }
    }

    void DeleteFiles(ContentId id)
    {
        File.Delete(layout.DataOf(id));
        File.Delete(layout.GroupsOf(id));
    }

    Lock LockOf(ContentId id)
    {
        Span<byte> hash = stackalloc byte[ContentId.Size];
        id.CopyTo(hash);
        return _locks[hash[0]];
    }
}
