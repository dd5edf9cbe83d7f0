namespace Sharing.Core;

/// <summary>Puts files of a content folder aside. They are renamed, never opened: a bad sector hinders nothing.</summary>
sealed class FolderQuarantine(FolderLayout layout, FolderPublisher publisher, FlushHealth health)
{
    public bool Move(ContentId id) => publisher.Alone(id, () =>
    {
        var moved = Move(layout.DataOf(id)) | Move(layout.GroupsOf(id));
        if (moved)
        {
            health.FlushDirectory(layout.DirectoryOf(id));
        }

        return moved;
    });

    /// <summary>Puts aside what lies in the place of contents and is none.</summary>
    /// <returns>How many files and directories.</returns>
    public int MoveStrays(CancellationToken cancellationToken)
    {
        var strays = Directory.GetFiles(layout.Contents).Count(Move);
        foreach (var directory in Directory.GetDirectories(layout.Contents))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var name = Path.GetFileName(directory);
            strays += name is [var a, var b] && IsDigit(a) && IsDigit(b)
                ? Directory.GetDirectories(directory).Count(Move) + Directory.GetFiles(directory).Count(IsMovedStray)
                : Move(directory) ? 1 : 0;
        }

        return strays;
    }

    public IEnumerable<ContentId> List()
    {
        foreach (var path in Directory.Exists(layout.Quarantine) ? Directory.GetFiles(layout.Quarantine) : [])
        {
            if (ContentId.TryParse(Path.GetFileName(path.AsSpan()), out var id))
            {
                yield return id;
            }
        }
    }

    public void Drop(ContentId id)
    {
        var path = Path.Join(layout.Quarantine, id.ToString());
        File.Delete(path + FolderLayout.GroupsSuffix);
        File.Delete(path);
    }

    static bool IsDigit(char letter) => letter is (>= '0' and <= '9') or (>= 'a' and <= 'f');

    bool IsMovedStray(string path)
    {
        var name = Path.GetFileName(path);
        var isGroups = name.EndsWith(FolderLayout.GroupsSuffix, StringComparison.Ordinal);
        return ContentId.TryParse(isGroups ? name[..^FolderLayout.GroupsSuffix.Length] : name, out var id) && Path.GetDirectoryName(path) == layout.DirectoryOf(id)
            ? publisher.Alone(id, () => publisher.Find(id) is null && Move(path)) // under the lock: not half of a publish
            : Move(path);
    }

    bool Move(string path)
    {
        DurableFile.CreateDirectory(layout.Quarantine);
        var to = Path.Join(layout.Quarantine, Path.GetFileName(path));
        try
        {
            if (Directory.Exists(path))
            {
                Directory.Move(path, Free(to));
            }
            else
            {
                File.Move(path, Directory.Exists(to) ? Free(to) : to, overwrite: true);
            }

            health.FlushDirectory(layout.Quarantine);
            return true;
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
    }

    static string Free(string path)
    {
        for (var i = 1; ; i++)
        {
            var candidate = i == 1 ? path : FormattableString.Invariant($"{path}.{i}");
            if (!Path.Exists(candidate))
            {
                return candidate;
            }
        }
    }
}
