using Microsoft.Win32.SafeHandles;

namespace Sharing.Core;

/// <summary>Reads a content from its files, which stay readable while they are open, deleted or not.</summary>
sealed class FolderContentReader : IContentReader
{
    readonly SafeFileHandle _data;
    readonly SafeFileHandle? _groups;

    FolderContentReader(ContentInfo info, SafeFileHandle data, SafeFileHandle? groups) => (Info, _data, _groups) = (info, data, groups);

    public ContentInfo Info { get; }

    /// <summary>Opens the files, or returns <c>null</c> when one is missing or they do not fit each other.</summary>
    public static FolderContentReader? Open(FolderLayout layout, ContentId id)
    {
        if (OpenFile(layout.DataOf(id)) is not { } data)
        {
            return null;
        }

        SafeFileHandle? groups = null;
        var fits = false;
        try
        {
            var info = new ContentInfo(id, RandomAccess.GetLength(data));
            groups = ContentLayout.IsOneGroup(info.Length) ? null : OpenFile(layout.GroupsOf(id));
            fits = ContentLayout.IsOneGroup(info.Length)
                || (groups is not null && RandomAccess.GetLength(groups) == ContentLayout.AreaLength(ContentArea.Groups, info.Length));
            return fits ? new(info, data, groups) : null;
        }
        finally
        {
            if (!fits)
            {
                data.Dispose();
                groups?.Dispose();
            }
        }
    }

    public ValueTask<int> ReadAsync(ContentArea area, long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ContentLayout.RequireRange(offset, buffer.Length);
        ObjectDisposedException.ThrowIf(_data.IsClosed, this);
        return area switch
        {
            ContentArea.Data => CachedRead.ReadAsync(_data, offset, buffer, cancellationToken),
            ContentArea.Groups when _groups is not null => CachedRead.ReadAsync(_groups, offset, buffer, cancellationToken),
            ContentArea.Groups => new(ContentLayout.ReadOnlyGroup(Info.Id, offset, buffer.Span)),
            _ => throw new ArgumentOutOfRangeException(nameof(area), area, "There is no such area."),
        };
    }

    public ValueTask DisposeAsync()
    {
        Close();
        return default;
    }

    public void Close()
    {
        _data.Dispose();
        _groups?.Dispose();
    }

    static SafeFileHandle? OpenFile(string path)
    {
        try
        {
            return File.OpenHandle(
                path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.Asynchronous | FileOptions.RandomAccess);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
