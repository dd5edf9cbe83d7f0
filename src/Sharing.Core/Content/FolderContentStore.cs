using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;

namespace Sharing.Core;

/// <summary>Keeps contents as files in a folder, laid out as docs/formats/content.md says. What was published or flushed survives a power cut.</summary>
/// <remarks>
/// <para>Thread-safe singleton; one process a folder, held by <c>store.lock</c>. A publish flushes both files, renames the groups and then the
/// data into place and flushes the directory; until all of that is done no reader sees the content. After a crash there are whole
/// contents, partials, and groups without data, which are cleaned when the store is opened.</para>
/// <para>A full disk is <see cref="ProblemCodes.NoSpace"/> and costs nothing that was written before. A failed flush drops the partial it
/// happened to; after the third the store is <see cref="ProblemCodes.ReadOnly"/> until the next start, and reads go on.</para>
/// <para>Flushes keep threads of the pool waiting for the disk: the pool is told to have 16 at once, where it would begin with as many as there are processors.</para>
/// </remarks>
public sealed class FolderContentStore : IContentStore, IPartialListing, IContentFiles, IContentQuarantine, IAsyncDisposable
{
    const int Waiting = 16;

    readonly OperationGate _gate = new(typeof(FolderContentStore));
    readonly SafeFileHandle _lockFile;
    readonly FolderPublisher _publisher;
    readonly FolderQuarantine _quarantine;
    readonly Lock _opening = new();
    readonly Dictionary<string, FolderPartialContent> _open = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, bool> _distrusted = new(StringComparer.Ordinal);

    /// <summary>Opens a folder, or makes it, and cleans up what a crash left behind. Reads the names of all contents once.</summary>
    /// <param name="folder">The folder; its file system must keep renames atomic, as all local ones with a journal do.</param>
    /// <param name="time">Dates the partial contents; the system's clock if left out.</param>
    /// <exception cref="SharingException"><see cref="ProblemCodes.Conflict"/>: another process has it open.</exception>
    /// <exception cref="IOException">It cannot be opened, made or flushed.</exception>
    public FolderContentStore(string folder, TimeProvider? time = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        Layout = new(folder);
        Time = time ?? TimeProvider.System;
        Health = new(Layout.Root);
        ThreadPool.GetMinThreads(out var workers, out var ports);
        ThreadPool.SetMinThreads(Math.Max(Waiting, workers), ports);
        _lockFile = FolderRecovery.Lock(Layout);
        try
        {
            FolderRecovery.Run(Layout);
            _publisher = new(Layout, Health);
            _quarantine = new(Layout, _publisher, Health);
        }
        catch
        {
            _lockFile.Dispose();
            throw;
        }
    }

    internal FolderLayout Layout { get; }

    internal FlushHealth Health { get; }

    internal TimeProvider Time { get; }

    /// <inheritdoc/>
    public ValueTask<ContentInfo?> FindAsync(ContentId id, CancellationToken cancellationToken = default)
    {
        ContentLayout.RequireId(id);
        cancellationToken.ThrowIfCancellationRequested();
        using var passage = _gate.Enter();
        return new(_publisher.Find(id));
    }

    /// <inheritdoc/>
    public ValueTask<IContentReader?> OpenAsync(ContentId id, CancellationToken cancellationToken = default)
    {
        ContentLayout.RequireId(id);
        cancellationToken.ThrowIfCancellationRequested();
        using var passage = _gate.Enter();
        return new(_publisher.Open(id));
    }

    /// <inheritdoc/>
    public ValueTask<IPartialContent> OpenPartialAsync(string key, CancellationToken cancellationToken = default)
    {
        ContentLayout.RequireKey(key);
        cancellationToken.ThrowIfCancellationRequested();
        using var passage = _gate.Enter();
        Health.RequireWritable();
        lock (_opening)
        {
            if (_open.ContainsKey(key))
            {
                throw ContentLayout.OpenAlready(key);
            }

            if (_distrusted.ContainsKey(key))
            {
                DropFiles(key);
                _distrusted.TryRemove(key, out _);
            }

            return new(_open[key] = new FolderPartialContent(this, key));
        }
    }

    /// <inheritdoc/>
    public async ValueTask<bool> DeleteAsync(ContentId id, CancellationToken cancellationToken = default)
    {
        ContentLayout.RequireId(id);
        using var passage = _gate.Enter();
        Health.RequireWritable();
        return await Task.Run(() => _publisher.Delete(id), cancellationToken);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ContentInfo> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var directory in Directory.EnumerateDirectories(Layout.Contents))
        {
            string[] paths;
            using (_gate.Enter())
            {
                paths = await Task.Run(() => Directory.GetFiles(directory), cancellationToken);
            }

            foreach (var path in paths)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (ContentId.TryParse(Path.GetFileName(path.AsSpan()), out var id)
                    && path == Layout.DataOf(id) && _publisher.Find(id) is { } info)
                {
                    yield return info;
                }
            }
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<PartialInfo> ListPartialsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        FileInfo[] files;
        using (_gate.Enter())
        {
            files = await Task.Run(() => new DirectoryInfo(Layout.Partials).GetFiles("*" + FolderLayout.DataSuffix), cancellationToken);
        }

        foreach (var file in files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var key = file.Name[..^FolderLayout.DataSuffix.Length];
            if (ContentLayout.IsKey(key) && TouchedOf(key) is { } touched)
            {
                yield return new(key, touched);
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> DiscardAsync(PartialInfo partial, CancellationToken cancellationToken = default)
    {
        ContentLayout.RequireKey(partial.Key);
        cancellationToken.ThrowIfCancellationRequested();
        using var passage = _gate.Enter();
        Health.RequireWritable();
        lock (_opening)
        {
            if (_open.ContainsKey(partial.Key) || TouchedOf(partial.Key) != partial.Touched)
            {
                return new(false);
            }

            DropFiles(partial.Key);
            return new(true);
        }
    }

    /// <inheritdoc/>
    public string? PathOf(ContentId id)
    {
        ContentLayout.RequireId(id);
        using var passage = _gate.Enter();
        return _publisher.Find(id) is null ? null : Layout.DataOf(id);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> QuarantineAsync(ContentId id, CancellationToken cancellationToken = default)
    {
        ContentLayout.RequireId(id);
        using var passage = _gate.Enter();
        Health.RequireWritable();
        return await Task.Run(() => _quarantine.Move(id), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<int> QuarantineStraysAsync(CancellationToken cancellationToken = default)
    {
        using var passage = _gate.Enter();
        Health.RequireWritable();
        return await Task.Run(() => _quarantine.MoveStrays(cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ContentId> ListQuarantinedAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var id in await Task.Run(() => _quarantine.List().ToList(), cancellationToken))
        {
            yield return id;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DropQuarantinedAsync(ContentId id, CancellationToken cancellationToken = default)
    {
        ContentLayout.RequireId(id);
        using var passage = _gate.Enter();
        Health.RequireWritable();
        await Task.Run(() => _quarantine.Drop(id), cancellationToken);
    }

    /// <summary>Waits for what is being published or deleted, closes the open partials, whose bytes stay, and leaves the folder to the next.
    /// Readers that are open go on.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!await _gate.ShutAsync())
        {
            return;
        }

        FolderPartialContent[] open;
        lock (_opening)
        {
            open = [.. _open.Values];
        }

        foreach (var partial in open)
        {
            await partial.DisposeAsync();
        }

        _lockFile.Dispose();
    }

    internal OperationGate.Passage Enter() => _gate.Enter();

    internal void Publish(FolderPartialContent partial, ContentInfo info) => _publisher.Publish(partial, info);

    internal void DistrustPartial(string key) => _distrusted[key] = true;

    internal void Forget(FolderPartialContent partial)
    {
        lock (_opening)
        {
            _open.Remove(partial.Key);
        }
    }

    DateTimeOffset? TouchedOf(string key) =>
        new FileInfo(Layout.PartialDataOf(key)) is { Exists: true } file ? new(file.LastWriteTimeUtc, TimeSpan.Zero) : null;

    void DropFiles(string key)
    {
        File.Delete(Layout.PartialDataOf(key));
        File.Delete(Layout.PartialGroupsOf(key));
    }
}
