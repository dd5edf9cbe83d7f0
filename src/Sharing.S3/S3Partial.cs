using Microsoft.Win32.SafeHandles;

namespace Sharing.S3;

/// <summary>A partial content: what was written last waits in files, a flush makes one object of all that is new and names it in the partial's record. Whoever
/// opens it on another host has it from then on, and the one before loses it: his next flush finds the record changed.</summary>
sealed class S3Partial : IPartialContent
{
    /// <summary>So many units of what was written wait for a flush; then they are made durable without one.</summary>
    const long MostWaiting = 64;

    /// <summary>So many files are open at most while it waits.</summary>
    const int MostFiles = 64;

    /// <summary>A piece with less than so many units of the content in it is small.</summary>
    const long Small = 8;

    /// <summary>So many small pieces are made one.</summary>
    const int MostSmall = 64;

    /// <summary>What is read back comes in blocks of this size.</summary>
    const int Block = 1 << 20;

    static readonly TimeSpan s_touch = TimeSpan.FromMinutes(1);

    readonly S3ContentStore _store;
    readonly OperationGate _gate = new(typeof(IPartialContent));
    readonly Scratch[] _scratch;
    readonly Lock _lock = new(); // guards the block that was read last
    readonly SemaphoreSlim _saving = new(1);
    volatile PieceMap _stored; // replaced whole
    readonly PartialLedger _ledger;
    (PieceMap.PieceAt Piece, long Offset, byte[] Bytes)? _block;

    public S3Partial(S3ContentStore store, string key, PartialRecord record, long version)
    {
        (_store, Key, _ledger) = (store, key, new(store, key, record, version));
        _scratch = [new(store.ScratchFolder), new(store.ScratchFolder)];
        _stored = new(record);
    }

    public string Key { get; }

    public async ValueTask<int> ReadAsync(ContentArea area, long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ContentLayout.RequireRange(offset, buffer.Length);
        ContentLayout.RequireArea(area);
        using var passage = _gate.Enter();
        return await ReadInsideAsync(area, offset, buffer, cancellationToken);
    }

    public async ValueTask WriteAsync(ContentArea area, long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ContentLayout.RequireRange(offset, bytes.Length);
        ContentLayout.RequireArea(area);
        using var passage = _gate.Enter();
        _ledger.RequireOurs();
        _scratch[(int)area].Write(offset, bytes.Span);
        if (IsFull(_scratch[(int)area]))
        {
            await SaveAsync(onlyIfFull: true, cancellationToken);
        }
    }

    public async ValueTask<long> FlushAsync(CancellationToken cancellationToken = default)
    {
        using var passage = _gate.Enter();
        return await SaveAsync(onlyIfFull: false, cancellationToken);
    }

    public ValueTask PublishAsync(ContentInfo info, CancellationToken cancellationToken = default) => EndAsync(async () =>
    {
        ContentLayout.RequireEnough(info, LengthOf(ContentArea.Data), LengthOf(ContentArea.Groups));
        if (await _store.FindAsync(info.Id, CancellationToken.None) is not null || !await MakeAsync(info))
        {
            await DropAsync();
        }
    }, cancellationToken);

    public ValueTask DiscardAsync(CancellationToken cancellationToken = default) => EndAsync(DropAsync, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (!await _gate.ShutAsync())
        {
            return;
        }

        try
        {
            if (!_ledger.IsLost)
            {
                await SaveAsync(onlyIfFull: false, CancellationToken.None);
            }
        }
        catch (Exception fault) when (fault is IOException or SharingException)
        {
            _store.NotKept(Key, fault); // nobody was told that it is durable
        }
        finally
        {
            End();
        }
    }

    /// <summary>Reads for whoever makes an object of it, too.</summary>
    internal async ValueTask<int> ReadInsideAsync(ContentArea area, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var length = LengthOf(area);
        if (offset >= length || buffer.IsEmpty)
        {
            return 0;
        }

        buffer = buffer[..(int)Math.Min(buffer.Length, length - offset)];
        if (_scratch[(int)area].Read(offset, buffer.Span, out var here) is var read and > 0)
        {
            return read;
        }

        for (PieceMap.PieceAt? gone = null; ;)
        {
            var (end, found, piece) = _stored.At(area, offset);
            var some = buffer[..(int)Math.Min(buffer.Length, Math.Min(here, end) - offset)];
            if (!found)
            {
                some.Span.Clear();
                return some.Length;
            }

            try
            {
                await ReadPieceAsync(piece, offset, some, end, cancellationToken);
                return some.Length;
            }
            catch (IOException fault) when (S3Faults.IsMissing(fault) && gone != piece)
            {
                gone = piece; // a flush may have put its bytes into another just now
            }
        }
    }

    internal Scratch Scratch(ContentArea area) => _scratch[(int)area];

    internal PieceMap Stored => _stored;

    // What is let go of here was stored before: so in this order no byte is missed.
    long LengthOf(ContentArea area)
    {
        var here = _scratch[(int)area].End;
        return Math.Max(here, _stored.EndOf(area));
    }

    async Task ReadPieceAsync(PieceMap.PieceAt piece, long offset, Memory<byte> buffer, long end, CancellationToken cancellationToken)
    {
        if (buffer.Length >= Block)
        {
            await _store.Bucket.ReadAsync(ObjectNames.Piece(piece.Name), offset - piece.Origin, buffer, cancellationToken);
            return;
        }

        (PieceMap.PieceAt Piece, long Offset, byte[] Bytes)? block;
        lock (_lock)
        {
            block = _block;
        }

        if (block is not { } known || known.Piece != piece || offset < known.Offset || offset + buffer.Length > known.Offset + known.Bytes.Length)
        {
            known = (piece, offset, new byte[Math.Min(Block, end - offset)]);
            await _store.Bucket.ReadAsync(ObjectNames.Piece(piece.Name), offset - piece.Origin, known.Bytes, cancellationToken);
            lock (_lock)
            {
                _block = known;
            }
        }

        known.Bytes.AsMemory((int)(offset - known.Offset), buffer.Length).CopyTo(buffer);
    }

    bool IsFull(Scratch scratch) => scratch.DirtyBytes >= MostWaiting * _store.Unit || scratch.Files >= MostFiles;

    /// <summary>Makes what is here durable.</summary>
    async Task<long> SaveAsync(bool onlyIfFull, CancellationToken cancellationToken)
    {
        await _saving.WaitAsync(cancellationToken);
        try
        {
            _ledger.RequireOurs();
            var length = LengthOf(ContentArea.Data); // what is written from here on may not be in it
            if (onlyIfFull && !_scratch.Any(IsFull))
            {
                return length;
            }

            var taken = _scratch.Select(static scratch => scratch.Take()).ToArray();
            if (taken.All(static runs => runs.Count == 0))
            {
                if (_store.Time.GetUtcNow() - _ledger.Record.Touched is var age && (age >= s_touch || age < TimeSpan.Zero))
                {
                    await _ledger.CommitAsync(_ledger.Record);
                }

                return length;
            }

            try
            {
                await StoreAsync(taken, cancellationToken);
            }
            catch
            {
                for (var area = 0; area < taken.Length; area++)
                {
                    _scratch[area].PutBack(taken[area]);
                }

                throw;
            }

            return length;
        }
        finally
        {
            _saving.Release();
        }
    }

    /// <summary>Makes one object of what is new, and of the small ones where there are too many.</summary>
    async Task StoreAsync(IReadOnlyList<(long Start, long End)>[] taken, CancellationToken cancellationToken)
    {
        var name = ObjectNames.New();
        using var merged = new Scratch(_store.ScratchFolder);
        List<(ContentArea Area, long Start, long End)> runs = [];
        var at = 0L;
        foreach (var (area, start, end) in _stored.SmallRuns(MostSmall, Small * _store.Unit, MostWaiting * _store.Unit))
        {
            await MergeAsync(area, start, end, merged, at, cancellationToken);
            runs.Add((area, start, end));
            at += end - start;
        }

        List<(SafeFileHandle, long, long)> sources = [.. merged.Open(0, at)];
        foreach (var area in Enum.GetValues<ContentArea>())
        {
            foreach (var (start, end) in taken[(int)area])
            {
                runs.Add((area, start, end));
                sources.AddRange(_scratch[(int)area].Open(start, end));
            }
        }

        await using var stream = new RunStream(sources);
        await _store.Bucket.PutAsync(ObjectNames.Piece(name), stream, cancellationToken);
        var (stored, before) = (_stored.With(name, runs), _ledger.Record.Pieces);
        await _ledger.CommitAsync(stored.ToRecord(_ledger.Record), ObjectNames.Piece(name));
        _stored = stored;
        foreach (var scratch in _scratch)
        {
            scratch.Shrink();
        }

        await _store.TryDeleteAsync([.. before.Except(_ledger.Record.Pieces, StringComparer.Ordinal).Select(ObjectNames.Piece)]);
    }

    async Task MergeAsync(ContentArea area, long start, long end, Scratch merged, long at, CancellationToken cancellationToken)
    {
        var buffer = new byte[Math.Min(Block, end - start)];
        while (start < end)
        {
            var (_, _, piece) = _stored.At(area, start);
            var some = buffer.AsMemory(0, (int)Math.Min(buffer.Length, end - start));
            await ReadPieceAsync(piece, start, some, end, cancellationToken);
            merged.Write(at, some.Span);
            (start, at) = (start + some.Length, at + some.Length);
        }
    }

    /// <summary>Makes an object of the content and gives it its name.</summary>
    /// <returns><c>false</c>: somebody else was faster.</returns>
    async Task<bool> MakeAsync(ContentInfo info)
    {
        var made = new ObjectName(info.Id, ObjectNames.New());
        await _ledger.CommitAsync(_ledger.Record with { Objects = [.. _ledger.Record.Objects, made] }); // before there is any of it: whatever becomes of this process, it is known what to delete
        try
        {
            await new ObjectMaker(_store.Bucket, this, _store.Unit).MakeAsync(info, made.Name);
        }
        catch
        {
            await _store.TryDeleteAsync([.. ObjectNames.All(made)]);
            throw;
        }

        var rest = _ledger.Record with { Data = [], Groups = [], Objects = [.. _ledger.Record.Objects.Where(other => other != made)] };
        var batch = new RecordBatch().Put(S3Records.Object(info.Id), new ObjectRecord(made.Name, info.Length), RecordBatch.Absent);
        if (await _ledger.EndAsync(batch, rest, [.. ObjectNames.All(made)]))
        {
            return true;
        }

        await _store.TryDeleteAsync([.. ObjectNames.All(made)]);
        return false;
    }

    async Task DropAsync() => await _ledger.EndAsync(new(), _ledger.Record);

    /// <summary>Runs alone what ends it; where that fails it goes on.</summary>
    async ValueTask EndAsync(Func<Task> act, CancellationToken cancellationToken)
    {
        using var inside = _store.Enter();
        cancellationToken.ThrowIfCancellationRequested();
        await _gate.ShutOrThrowAsync(cancellationToken);
        try
        {
            _ledger.RequireOurs();
            await act();
        }
        catch
        {
            _gate.Reopen();
            throw;
        }

        End();
    }

    void End()
    {
        foreach (var scratch in _scratch)
        {
            scratch.Dispose();
        }

        _saving.Dispose();
        _store.Forget(Key);
    }
}
