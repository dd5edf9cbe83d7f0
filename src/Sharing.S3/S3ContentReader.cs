namespace Sharing.S3;

/// <summary>Reads one object. Who reads on gets the next bytes of an answer that is open already; who jumps about gets a mebibyte with each jump. Thread-safe.</summary>
sealed class S3ContentReader(S3Bucket bucket, ContentInfo info, string name, OpenObjects.Reading reading, int retries, Func<ValueTask<bool>> isNamed) : IContentReader
{
    const int Jump = 1 << 20;
    const int MostIdle = 4;

    readonly OperationGate _gate = new(typeof(IContentReader));
    readonly Lock _lock = new();
    readonly List<Answer> _idle = [];
    (long Start, byte[] Bytes) _groups = (0, []);
    (long Offset, byte[] Bytes) _begun = (0, []); // of the latest answer: whoever tried a byte of it, or proved the first group, reads that again
    long _next; // where whoever goes on reads next

    public ContentInfo Info => info;

    public async ValueTask<int> ReadAsync(ContentArea area, long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ContentLayout.RequireRange(offset, buffer.Length);
        using var passage = _gate.Enter();
        var length = ContentLayout.AreaLength(area, info.Length);
        if (buffer.IsEmpty || offset >= length)
        {
            return 0;
        }

        if (area == ContentArea.Data)
        {
            var read = 0;
            await AskAsync(async token => read = await ReadDataAsync(offset, buffer, token), cancellationToken);
            return read;
        }

        return ContentLayout.IsOneGroup(info.Length)
            ? ContentLayout.ReadOnlyGroup(info.Id, offset, buffer.Span)
            : await ReadGroupsAsync(offset, buffer, length, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (!await _gate.ShutAsync())
        {
            return;
        }

        foreach (var answer in _idle)
        {
            await answer.Stream.DisposeAsync();
        }

        try
        {
            await reading.DisposeAsync(); // which may delete what was deleted meanwhile
        }
        finally
        {
            bucket.Dispose();
        }
    }

    async ValueTask<int> ReadDataAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (ReadAgain(offset, buffer.Span) is var again and > 0)
        {
            return again;
        }

        for (var attempt = 0; ; attempt++)
        {
            Answer? answer = null;
            try
            {
                answer = Take(offset) ?? await AskAsync(offset, buffer.Length, cancellationToken);
                var read = await bucket.ReadAsync(answer.Stream, buffer[..(int)Math.Min(buffer.Length, answer.End - offset)], cancellationToken);
                if (read == 0)
                {
                    throw new IOException($"The answer ended before byte {answer.End}.");
                }

                Begun(answer, offset, buffer.Span[..read]);
                answer.Position = offset + read;
                await GiveBackAsync(answer);
                return read;
            }
            catch (Exception fault)
            {
                await (answer?.Stream.DisposeAsync() ?? default);
                if (fault is not IOException || attempt >= retries || S3Faults.IsLost(fault))
                {
                    throw;
                }
            }
        }
    }

    int ReadAgain(long offset, Span<byte> buffer)
    {
        lock (_lock)
        {
            if (offset < _begun.Offset || offset >= _begun.Offset + _begun.Bytes.Length)
            {
                return 0;
            }

            var bytes = _begun.Bytes.AsSpan((int)(offset - _begun.Offset));
            bytes = bytes[..Math.Min(bytes.Length, buffer.Length)];
            bytes.CopyTo(buffer);
            return bytes.Length;
        }
    }

    void Begun(Answer answer, long offset, ReadOnlySpan<byte> bytes)
    {
        if (answer.Start == offset)
        {
            lock (_lock)
            {
                _begun = (offset, bytes.ToArray());
            }
        }
    }

    Answer? Take(long offset)
    {
        lock (_lock)
        {
            var at = _idle.FindIndex(answer => answer.Position == offset);
            if (at < 0)
            {
                return null;
            }

            var answer = _idle[at];
            _idle.RemoveAt(at);
            return answer;
        }
    }

    async Task<Answer> AskAsync(long offset, int wanted, CancellationToken cancellationToken)
    {
        bool goesOn;
        lock (_lock)
        {
            goesOn = offset == _next;
        }

        var length = goesOn ? info.Length - offset : Math.Min(info.Length - offset, Math.Max(wanted, Jump));
        return new(await bucket.OpenAsync(ObjectNames.Data(info.Id, name), offset, length, info.Length, cancellationToken), offset, offset + length);
    }

    async ValueTask GiveBackAsync(Answer answer)
    {
        Answer? drop = null;
        lock (_lock)
        {
            _next = answer.Position;
            if (answer.Position == answer.End)
            {
                drop = answer;
            }
            else
            {
                _idle.Add(answer);
                if (_idle.Count > MostIdle)
                {
                    drop = _idle[0];
                    _idle.RemoveAt(0);
                }
            }
        }

        if (drop is not null)
        {
            await drop.Stream.DisposeAsync();
        }
    }

    /// <summary>Reads group hashes, a mebibyte of them at a time: those of 2 GiB.</summary>
    async ValueTask<int> ReadGroupsAsync(long offset, Memory<byte> buffer, long length, CancellationToken cancellationToken)
    {
        var start = offset / Jump * Jump;
        (long Start, byte[] Bytes) block;
        lock (_lock)
        {
            block = _groups;
        }

        if (block.Bytes.Length == 0 || block.Start != start)
        {
            block = (start, new byte[Math.Min(Jump, length - start)]);
            await AskAsync(token => bucket.ReadAsync(ObjectNames.Groups(info.Id, name), start, block.Bytes, token, length), cancellationToken);
            lock (_lock)
            {
                _groups = block;
            }
        }

        var bytes = block.Bytes.AsMemory((int)(offset - start));
        bytes = bytes[..Math.Min(bytes.Length, buffer.Length)];
        bytes.CopyTo(buffer);
        return bytes.Length;
    }

    /// <summary>Asks the store; that it is away says nothing of the bytes. Where the object is gone it is looked what became of it.</summary>
    /// <exception cref="SharingException"><see cref="ProblemCodes.Busy"/>: it cannot be read just now.</exception>
    /// <exception cref="IOException">The object is lost.</exception>
    async Task AskAsync(Func<CancellationToken, Task> act, CancellationToken cancellationToken)
    {
        try
        {
            await act(cancellationToken);
        }
        catch (IOException fault)
        {
            if (S3Faults.IsLost(fault) && await isNamed())
            {
                throw;
            }

            throw new SharingException(ProblemCodes.Busy, $"The content {info.Id} cannot be read from the store just now, or was deleted; please come again.", fault);
        }
    }

    sealed class Answer(Stream stream, long start, long end)
    {
        public Stream Stream => stream;

        public long Start => start;

        public long End => end;

        public long Position { get; set; }
    }
}
