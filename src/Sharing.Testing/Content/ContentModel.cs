using Xunit;

namespace Sharing.Testing;

/// <summary>Does random operations to a store and to plain byte arrays, and compares.</summary>
sealed class ContentModel(IContentStore first, int seed)
{
    const int Operations = 40;
    const int Reach = 200_000;

    IContentStore _store = first;

    readonly Random _random = new(seed);
    readonly string[] _keys = [.. Enumerable.Range(0, 3).Select(i => $"model-{seed}-{i}")];
    readonly ContentId[] _ids = [.. Enumerable.Range(0, 3).Select(i => ContentSamples.Id((seed * 1_000) + i))];
    readonly Dictionary<string, byte[][]> _partials = [];
    readonly Dictionary<ContentId, byte[][]> _contents = [];
    readonly Dictionary<string, IPartialContent> _open = [];
    readonly List<(IContentReader Reader, byte[][] Expected)> _readers = [];

    /// <summary>Runs one sequence, leaves an otherwise empty store empty.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="reopen">Closes the store and opens it anew, if it can: then that happens too.</param>
    public async Task RunAsync(CancellationToken cancellationToken, Func<Task<IContentStore>>? reopen = null)
    {
        var step = 0;
        try
        {
            for (; step < Operations; step++)
            {
                await StepAsync(cancellationToken);
                if (reopen is not null && step % 10 == 9)
                {
                    await FlushAndCloseAsync(cancellationToken);
                    _store = await reopen();
                    await CheckAllAsync(cancellationToken);
                }
            }

            await CheckAllAsync(cancellationToken);
            await EmptyAsync(cancellationToken);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            throw new InvalidOperationException($"Seed {seed}, step {step}: {fault.Message}", fault);
        }
    }

    Task StepAsync(CancellationToken cancellationToken) => _random.Next(20) switch
    {
        < 9 => WriteAsync(cancellationToken),
        < 11 => ReadPartialAsync(cancellationToken),
        11 => FlushAsync(cancellationToken),
        12 => CloseAsync(),
        13 => DiscardAsync(cancellationToken),
        < 17 => PublishAsync(cancellationToken),
        17 => OpenReaderAsync(cancellationToken),
        18 => DeleteAsync(cancellationToken),
        _ => CheckAllAsync(cancellationToken),
    };

    async Task<(IPartialContent Partial, byte[][] Expected, string Key)> PartialAsync(CancellationToken cancellationToken)
    {
        var key = _keys[_random.Next(_keys.Length)];
        if (!_open.TryGetValue(key, out var partial))
        {
            _open[key] = partial = await _store.OpenPartialAsync(key, cancellationToken);
            _partials.TryAdd(key, [[], []]);
        }

        return (partial, _partials[key], key);
    }

    async Task WriteAsync(CancellationToken cancellationToken)
    {
        var (partial, expected, _) = await PartialAsync(cancellationToken);
        var area = RandomArea();
        var offset = _random.Next(area == ContentArea.Data ? Reach : 100);
        var bytes = new byte[_random.Next(area == ContentArea.Data ? Reach / 2 : 100)];
        _random.NextBytes(bytes);
        await partial.WriteAsync(area, offset, bytes, cancellationToken);
        if (bytes.Length > 0)
        {
            Array.Resize(ref expected[(int)area], Math.Max(expected[(int)area].Length, offset + bytes.Length));
            bytes.CopyTo(expected[(int)area], offset);
        }
    }

    async Task ReadPartialAsync(CancellationToken cancellationToken)
    {
        var (partial, expected, _) = await PartialAsync(cancellationToken);
        var area = RandomArea();
        var offset = _random.Next(Reach + 10);
        var buffer = new byte[_random.Next(1, 50_000)];
        var count = await partial.ReadAsync(area, offset, buffer, cancellationToken);
        var there = expected[(int)area].AsSpan(Math.Min(offset, expected[(int)area].Length));
        Assert.InRange(count, Math.Min(1, there.Length), Math.Min(buffer.Length, there.Length));
        Assert.Equal(there[..count], buffer.AsSpan(0, count));
    }

    async Task FlushAsync(CancellationToken cancellationToken) =>
        await (await PartialAsync(cancellationToken)).Partial.FlushAsync(cancellationToken);

    async Task CloseAsync()
    {
        if (_open.Count > 0)
        {
            var (key, partial) = _open.ElementAt(_random.Next(_open.Count));
            await partial.DisposeAsync();
            _open.Remove(key);
        }
    }

    async Task DiscardAsync(CancellationToken cancellationToken)
    {
        var (partial, _, key) = await PartialAsync(cancellationToken);
        await partial.DiscardAsync(cancellationToken);
        Forget(key);
    }

    async Task PublishAsync(CancellationToken cancellationToken)
    {
        var (partial, expected, key) = await PartialAsync(cancellationToken);
        var length = _random.Next(4) == 0 ? _random.Next(Reach) : expected[0].Length - _random.Next(Math.Min(10, expected[0].Length + 1));
        var info = new ContentInfo(_ids[_random.Next(_ids.Length)], length);
        var groups = ContentSamples.GroupsLength(length);
        var oneGroup = groups == ContentId.Size;
        if (length > expected[0].Length || (!oneGroup && groups > expected[1].Length))
        {
            await Assert.ThrowsAnyAsync<ArgumentException>(async () => await partial.PublishAsync(info, cancellationToken));
            return;
        }

        await partial.PublishAsync(info, cancellationToken);
        _contents.TryAdd(info.Id, [expected[0][..length], oneGroup ? ContentSamples.Groups(info) : expected[1][..groups]]);
        Forget(key);
    }

    async Task OpenReaderAsync(CancellationToken cancellationToken)
    {
        var id = _ids[_random.Next(_ids.Length)];
        var reader = await _store.OpenAsync(id, cancellationToken);
        Assert.Equal(_contents.ContainsKey(id), reader is not null);
        if (reader is not null)
        {
            _readers.Add((reader, _contents[id]));
        }
    }

    async Task DeleteAsync(CancellationToken cancellationToken)
    {
        var id = _ids[_random.Next(_ids.Length)];
        Assert.Equal(_contents.Remove(id), await _store.DeleteAsync(id, cancellationToken));
    }

    async Task CheckAllAsync(CancellationToken cancellationToken)
    {
        List<ContentInfo> listed = [];
        await foreach (var info in _store.ListAsync(cancellationToken))
        {
            listed.Add(info);
        }

        Assert.Equal(_contents.Select(c => new ContentInfo(c.Key, c.Value[0].Length)).ToHashSet(), listed.ToHashSet());
        Assert.Equal(_contents.Count, listed.Count);
        foreach (var id in _ids)
        {
            var found = await _store.FindAsync(id, cancellationToken);
            await using var reader = await _store.OpenAsync(id, cancellationToken);
            Assert.Equal(_contents.TryGetValue(id, out var expected) ? new ContentInfo(id, expected[0].Length) : null, found);
            Assert.Equal(found, reader?.Info);
            if (reader is not null)
            {
                await CheckAsync(reader.ReadAsync, expected!, cancellationToken);
            }
        }

        foreach (var (reader, expected) in _readers)
        {
            await CheckAsync(reader.ReadAsync, expected, cancellationToken);
        }

        foreach (var (key, partial) in _open)
        {
            await CheckAsync(partial.ReadAsync, _partials[key], cancellationToken);
        }
    }

    static async Task CheckAsync(ContentSamples.Read read, byte[][] expected, CancellationToken cancellationToken)
    {
        foreach (var area in Enum.GetValues<ContentArea>())
        {
            Assert.Equal(expected[(int)area], await ContentSamples.ReadAllAsync(read, area, cancellationToken));
        }
    }

    async Task FlushAndCloseAsync(CancellationToken cancellationToken)
    {
        foreach (var partial in _open.Values)
        {
            await partial.FlushAsync(cancellationToken);
            await partial.DisposeAsync();
        }

        _open.Clear();
    }

    async Task EmptyAsync(CancellationToken cancellationToken)
    {
        foreach (var (reader, _) in _readers)
        {
            await reader.DisposeAsync();
        }

        foreach (var key in _partials.Keys)
        {
            var partial = _open.TryGetValue(key, out var open) ? open : await _store.OpenPartialAsync(key, cancellationToken);
            await CheckAsync(partial.ReadAsync, _partials[key], cancellationToken);
            await partial.DiscardAsync(cancellationToken);
        }

        foreach (var id in _contents.Keys)
        {
            Assert.True(await _store.DeleteAsync(id, cancellationToken));
        }
    }

    void Forget(string key)
    {
        _open.Remove(key);
        _partials.Remove(key);
    }

    ContentArea RandomArea() => (ContentArea)_random.Next(2);
}
