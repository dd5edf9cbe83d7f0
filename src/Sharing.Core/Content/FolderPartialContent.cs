using Microsoft.Win32.SafeHandles;

namespace Sharing.Core;

/// <summary>A partial content in two files. Once a flush of it has failed, what was written since the flush before cannot be trusted, whatever later flushes
/// say: it is dropped at once, and every further write, flush and publish fails. The next open of the key finds what was durable before if bytes were only
/// appended, and else begins anew.</summary>
sealed class FolderPartialContent : IPartialContent
{
    readonly FolderContentStore _store;
    readonly OperationGate _gate = new(typeof(IPartialContent));
    readonly Lock _flushing = new();
    readonly string _dataPath;
    readonly string _groupsPath;
    readonly SafeFileHandle _data;
    SafeFileHandle? _groups; // made with the first hash: a content of one group needs none
    bool _namesDurable;
    bool _written;
    bool _appended = true; // and written nowhere else
    long _end;
    long? _durable;
    volatile bool _lost;

    /// <summary>Opens or makes the two files. The caller sees to it that nobody else does.</summary>
    public FolderPartialContent(FolderContentStore store, string key)
    {
        (_store, Key) = (store, key);
        (_dataPath, _groupsPath) = (store.Layout.PartialDataOf(key), store.Layout.PartialGroupsOf(key));
        if (!File.Exists(_dataPath))
        {
            File.Delete(_groupsPath); // hashes of bytes that are gone
        }

        _data = OpenFile(_dataPath);
        try
        {
            _end = RandomAccess.GetLength(_data);
            _groups = File.Exists(_groupsPath) ? OpenFile(_groupsPath) : null;
            Touch();
        }
        catch
        {
            Close();
            throw;
        }
    }

    public string Key { get; }

    public ValueTask<int> ReadAsync(ContentArea area, long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ContentLayout.RequireRange(offset, buffer.Length);
        return InsideAsync();

        async ValueTask<int> InsideAsync()
        {
            using var passage = _gate.Enter();
            return FileOf(area) is { } file ? await CachedRead.ReadAsync(file, offset, buffer, cancellationToken) : 0;
        }
    }

    public ValueTask WriteAsync(ContentArea area, long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ContentLayout.RequireRange(offset, bytes.Length);
        using var passage = _gate.Enter();
        RequireWritable();
        if (area == ContentArea.Data)
        {
            (_written, _appended, _end) = (true, _appended && offset == _end, offset + bytes.Length);
        }

        try
        {
            // Into the system's memory. Where that has to wait, there is no other way than to keep a thread waiting: WriteAsync would take another one.
            RandomAccess.Write(FileOf(area) ?? MakeGroups(), bytes.Span, offset);
            return default;
        }
        catch (IOException fault)
        {
            throw DurableFile.Translate(fault, PathOf(area));
        }
    }

    public async ValueTask<long> FlushAsync(CancellationToken cancellationToken = default)
    {
        using var passage = _gate.Enter();
        RequireWritable();
        if (RandomAccess.GetLength(_data) == 0 && Volatile.Read(ref _groups) is null)
        {
            Touch();
            return 0; // should its name be lost, there are as many bytes
        }

        return await Task.Run(
            () =>
            {
                var length = FlushFiles();
                Touch();
                return length;
            },
            cancellationToken);
    }

    public async ValueTask PublishAsync(ContentInfo info, CancellationToken cancellationToken = default)
    {
        using var inside = _store.Enter();
        cancellationToken.ThrowIfCancellationRequested();
        await _gate.ShutOrThrowAsync(cancellationToken);
        try
        {
            RequireWritable();
            ContentLayout.RequireEnough(info, RandomAccess.GetLength(_data), _groups is null ? 0 : RandomAccess.GetLength(_groups));
            await Task.Run(() => _store.Publish(this, info), CancellationToken.None);
        }
        catch (Exception fault)
        {
            _gate.Reopen();
            if (fault is IOException io && DurableFile.Translate(io, _dataPath) is SharingException noSpace)
            {
                throw noSpace;
            }

            throw;
        }

        End();
    }

    public async ValueTask DiscardAsync(CancellationToken cancellationToken = default)
    {
        using var inside = _store.Enter();
        cancellationToken.ThrowIfCancellationRequested();
        await _gate.ShutOrThrowAsync(cancellationToken);
        try
        {
            _store.Health.RequireWritable();
            Drop();
        }
        catch
        {
            _gate.Reopen();
            throw;
        }

        End();
    }

    public async ValueTask DisposeAsync()
    {
        if (!await _gate.ShutAsync())
        {
            return;
        }

        try
        {
            Touch();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // The date only tells the sweep how old the partial is.
        }
        finally
        {
            End();
        }
    }

    /// <summary>Cuts the files to what the content needs and makes their bytes durable.</summary>
    public void Finish(ContentInfo info)
    {
        Cut(_data, info.Length);
        if (_groups is not null)
        {
            Cut(_groups, ContentLayout.AreaLength(ContentArea.Groups, info.Length));
        }

        Step.Reached("publish.cut");
        FlushFiles(names: false);

        static void Cut(SafeFileHandle file, long length)
        {
            if (RandomAccess.GetLength(file) != length)
            {
                RandomAccess.SetLength(file, length);
            }
        }
    }

    /// <summary>Deletes both files: the bytes first, since hashes without them are nothing.</summary>
    public void Drop()
    {
        File.Delete(_dataPath);
        File.Delete(_groupsPath);
    }

    /// <summary>Never trusts these files again.</summary>
    public void Lose()
    {
        _lost = true;
        try
        {
            Drop();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            _store.DistrustPartial(Key);
        }
    }

    // One flush at a time: the kernel tells of a failure once, and a second flush beside it would hear "fine".
    long FlushFiles(bool names = true)
    {
        lock (_flushing)
        {
            RequireWritable();
            try
            {
                var length = RandomAccess.GetLength(_data); // what is written from here on may not be in it
                _store.Health.Flush(_data, _dataPath);
                Step.Reached("flush.data");
                if (_groups is not null)
                {
                    _store.Health.Flush(_groups, _groupsPath);
                }

                Step.Reached("flush.groups");
                if (names && !_namesDurable)
                {
                    _store.Health.FlushDirectory(_store.Layout.Partials);
                    _namesDurable = true;
                }

                _durable = length;
                return length;
            }
            catch
            {
                GoBack();
                throw;
            }
        }
    }

    /// <summary>Keeps what was durable before the flush that failed, and loses the rest. Hashes can be made again.</summary>
    void GoBack()
    {
        _lost = true;
        try
        {
            File.Delete(_groupsPath);
            if (!_written)
            {
                return; // all of it is older than this opening, and as durable as it was
            }

            if (_appended && _durable is { } length)
            {
                // No page before the end was written since, and none behind it is left that the kernel could have dropped.
                RandomAccess.SetLength(_data, length);
                _store.Health.Flush(_data, _dataPath);
                return;
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or SharingException)
        {
            // It cannot be gone back.
        }

        Lose();
    }

    void RequireWritable()
    {
        _store.Health.RequireWritable();
        if (_lost)
        {
            throw new IOException($"A flush of the partial content '{Key}' failed, and what was written since the one before is gone. Close it, and open it again.");
        }
    }

    void Touch() => File.SetLastWriteTimeUtc(_data, _store.Time.GetUtcNow().UtcDateTime);

    void End()
    {
        Close();
        _store.Forget(this);
    }

    void Close()
    {
        _data.Dispose();
        _groups?.Dispose();
    }

    SafeFileHandle MakeGroups()
    {
        lock (_flushing)
        {
            if (_groups is null)
            {
                Volatile.Write(ref _groups, OpenFile(_groupsPath));
                _namesDurable = false;
            }

            return _groups;
        }
    }

    SafeFileHandle? FileOf(ContentArea area) => area switch
    {
        ContentArea.Data => _data,
        ContentArea.Groups => Volatile.Read(ref _groups),
        _ => throw new ArgumentOutOfRangeException(nameof(area), area, "There is no such area."),
    };

    string PathOf(ContentArea area) => area == ContentArea.Data ? _dataPath : _groupsPath;

    static SafeFileHandle OpenFile(string path)
    {
        try
        {
            return File.OpenHandle(
                path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete,
                FileOptions.Asynchronous | FileOptions.RandomAccess);
        }
        catch (IOException fault)
        {
            throw DurableFile.Translate(fault, path);
        }
    }
}
