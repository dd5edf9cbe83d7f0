using System.Runtime.CompilerServices;

namespace Sharing.Core;

/// <summary>Keeps contents in this process's memory: for tests, and for hosts that may forget everything.</summary>
/// <remarks>Thread-safe. Every operation is atomic; nothing outlives the process. Memory is taken in chunks of 64 KiB, only where bytes
/// were written; it is freed once a content is deleted and its last reader disposed.</remarks>
/// <param name="time">Dates the partial contents; the system's clock if left out.</param>
public sealed class MemoryContentStore(TimeProvider? time = null) : IContentStore, IPartialListing
{
    readonly TimeProvider _time = time ?? TimeProvider.System;
    readonly Lock _lock = new();
    readonly Dictionary<ContentId, (ContentInfo Info, MemoryContent Content)> _contents = [];
    readonly Dictionary<string, MemoryContent> _partials = new(StringComparer.Ordinal);
    readonly HashSet<string> _open = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public ValueTask<ContentInfo?> FindAsync(ContentId id, CancellationToken cancellationToken = default)
    {
        ContentLayout.RequireId(id);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            return new(_contents.TryGetValue(id, out var held) ? held.Info : null);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IContentReader?> OpenAsync(ContentId id, CancellationToken cancellationToken = default)
    {
        ContentLayout.RequireId(id);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            return new(_contents.TryGetValue(id, out var held) ? new MemoryContentReader(held.Info, held.Content) : null);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IPartialContent> OpenPartialAsync(string key, CancellationToken cancellationToken = default)
    {
        ContentLayout.RequireKey(key);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            if (!_open.Add(key))
            {
                throw ContentLayout.OpenAlready(key);
            }

            if (!_partials.TryGetValue(key, out var content))
            {
                _partials[key] = content = new();
            }

            content.Touched = _time.GetUtcNow();
            return new(new MemoryPartialContent(this, key, content));
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> DeleteAsync(ContentId id, CancellationToken cancellationToken = default)
    {
        ContentLayout.RequireId(id);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            return new(_contents.Remove(id));
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ContentInfo> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ContentInfo[] all;
        lock (_lock)
        {
            all = [.. _contents.Values.Select(held => held.Info)];
        }

        foreach (var info in all)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return info;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<PartialInfo> ListPartialsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        PartialInfo[] all;
        lock (_lock)
        {
            all = [.. _partials.Select(partial => new PartialInfo(partial.Key, partial.Value.Touched))];
        }

        foreach (var info in all)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return info;
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> DiscardAsync(PartialInfo partial, CancellationToken cancellationToken = default)
    {
        ContentLayout.RequireKey(partial.Key);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            return new(!_open.Contains(partial.Key)
                && _partials.TryGetValue(partial.Key, out var content) && content.Touched == partial.Touched
                && _partials.Remove(partial.Key));
        }
    }

    internal void Publish(MemoryPartialContent partial, ContentInfo info)
    {
        var content = partial.Content;
        ContentLayout.RequireEnough(info, content[ContentArea.Data].Length, content[ContentArea.Groups].Length);
        content.Cut(info);
        lock (_lock)
        {
            _contents.TryAdd(info.Id, (info, content));
        }

        Drop(partial);
    }

    internal void Drop(MemoryPartialContent partial)
    {
        lock (_lock)
        {
            _partials.Remove(partial.Key);
            _open.Remove(partial.Key);
        }
    }

    internal void Close(MemoryPartialContent partial)
    {
        lock (_lock)
        {
            partial.Content.Touched = _time.GetUtcNow();
            _open.Remove(partial.Key);
        }
    }

    internal void Touch(MemoryPartialContent partial)
    {
        lock (_lock)
        {
            partial.Content.Touched = _time.GetUtcNow();
        }
    }
}
