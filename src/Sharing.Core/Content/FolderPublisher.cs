using System.Collections.Concurrent;

namespace Sharing.Core;

/// <summary>Brings contents into the folder and out of it, and says which are visible.</summary>
/// <remarks>
/// <para>A content is visible when both files are there, fit each other, and its last publish was made durable: until the directory has been flushed
/// its id is hidden, so that nobody commits a reference to bytes that a power cut would take. A publish that failed at that
/// point stays hidden until another one succeeds.</para>
/// <para>Publishes and deletions of one id are one after the other; those of others share the flushes of a directory.</para>
/// </remarks>
sealed class FolderPublisher(FolderLayout layout, FlushHealth health)
{
    readonly Lock[] _locks = [.. Enumerable.Range(0, 256).Select(_ => new Lock())];
    readonly ConcurrentDictionary<ContentId, bool> _hidden = new();
    readonly ConcurrentDictionary<string, bool> _durable = new(StringComparer.Ordinal);
    readonly Lock _making = new();

    public ContentInfo? Find(ContentId id)
    {
        var data = new FileInfo(layout.DataOf(id));
        if (!data.Exists)
        {
            return null;
        }

        var info = new ContentInfo(id, data.Length);
        return (ContentLayout.IsOneGroup(info.Length) || HasGroups(info)) && !_hidden.ContainsKey(id)
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
            Step.Reached("publish.flushed");
            MoveIn(partial.Key, info);
            Step.Reached("publish.data-renamed");
            try
            {
                health.FlushDirectory(layout.DirectoryOf(info.Id));
            }
            catch
            {
                MoveBack(partial, info.Id);
                throw;
            }

            Step.Reached("publish.durable");
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
            Step.Reached("delete.unlinked");
            health.FlushDirectory(layout.DirectoryOf(id));
            Step.Reached("delete.durable");
            return visible;
        }
    }

    /// <summary>Runs alone on a content: what it finds is not half of a publish or a deletion.</summary>
    public T Alone<T>(ContentId id, Func<T> act)
    {
        lock (LockOf(id))
        {
            return act();
        }
    }

    /// <summary>The bytes are durable, only the name is not: they are the partial's again. Their hashes can be made again.</summary>
    void MoveBack(FolderPartialContent partial, ContentId id)
    {
        try
        {
            File.Move(layout.DataOf(id), layout.PartialDataOf(partial.Key), overwrite: true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            partial.Lose();
        }

        DeleteFiles(id);
    }

    bool HasGroups(ContentInfo info) =>
        new FileInfo(layout.GroupsOf(info.Id)) is { Exists: true } groups && groups.Length == ContentLayout.AreaLength(ContentArea.Groups, info.Length);

    // The groups go first: data in place means that both are.
    void MoveIn(string key, ContentInfo info)
    {
        var (from, to) = (layout.PartialGroupsOf(key), layout.GroupsOf(info.Id));
        if (ContentLayout.IsOneGroup(info.Length))
        {
            File.Move(layout.PartialDataOf(key), layout.DataOf(info.Id), overwrite: true);
            File.Delete(from); // a hash that nobody needs
            return;
        }

        File.Move(from, to, overwrite: true);
        Step.Reached("publish.groups-renamed");
        try
        {
            File.Move(layout.PartialDataOf(key), layout.DataOf(info.Id), overwrite: true);
        }
        catch
        {
            File.Move(to, from, overwrite: true);
            throw;
        }
    }

    // That a directory is there says nothing: whoever made it may not have got to the flush.
    void MakeDirectory(string directory)
    {
        if (_durable.ContainsKey(directory))
        {
            return;
        }

        lock (_making)
        {
            if (!_durable.ContainsKey(directory))
            {
                Directory.CreateDirectory(directory);
                Step.Reached("publish.directory-made");
                try
                {
                    health.FlushDirectory(layout.Contents);
                }
                catch
                {
                    Forget(directory);
                    throw;
                }

                _durable[directory] = true;
            }
        }
    }

    // Made anew by the next publish: a second flush of the same name might say "fine" although the first lost it.
    static void Forget(string directory)
    {
        try
        {
            Directory.Delete(directory);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // It has contents of an earlier start, which made its name durable when it opened the folder.
        }
    }

    void DeleteFiles(ContentId id)
    {
        File.Delete(layout.DataOf(id));
        Step.Reached("delete.data-unlinked");
        File.Delete(layout.GroupsOf(id));
    }

    Lock LockOf(ContentId id)
    {
        Span<byte> hash = stackalloc byte[ContentId.Size];
        id.CopyTo(hash);
        return _locks[hash[1]]; // not the byte that names the directory: two in one directory need not wait for each other
    }
}
