using Sharing.Core;

namespace Sharing.Trials.Scripted;

/// <summary>Contents and records in memory whose power can be cut at any step. What was not flushed is then there in parts, or not; a file deleted
/// and not yet flushed over may be back.</summary>
sealed class FragileStores(Random random) : IContentStore, IRecordStore
{
    const int Block = 4096;

    readonly Lock _lock = new();
    readonly MemoryRecordStore _records = new();
    readonly Dictionary<ContentId, (ContentInfo Info, byte[] Data, byte[] Groups)> _contents = [];
    readonly Dictionary<string, Image> _partials = [];
    readonly Dictionary<string, Image> _deleted = [];
    readonly HashSet<string> _open = [];
    long _stepsLeft = long.MaxValue;
    bool _off;

    /// <summary>How often the power was cut.</summary>
    public int Cuts { get; private set; }

    /// <summary>Cuts the power after so many further steps.</summary>
    public void CutAfter(long steps)
    {
        lock (_lock)
        {
            _stepsLeft = steps;
        }
    }

    /// <summary>Whether it was cut.</summary>
    public bool IsOff
    {
        get
        {
            lock (_lock)
            {
                return _off;
            }
        }
    }

    /// <summary>Turns the power on again, and leaves what a disk might hold now.</summary>
    public void Restart()
    {
        lock (_lock)
        {
            (_off, _stepsLeft) = (false, long.MaxValue);
            _open.Clear();
            foreach (var (key, image) in _deleted)
            {
                if (random.Next(2) == 0)
                {
                    _partials[key] = image;
                }
            }

            _deleted.Clear();
            foreach (var image in _partials.Values)
            {
                image.Data.Cut(random);
                image.Groups.Cut(random);
            }
        }
    }

    public ValueTask<ContentInfo?> FindAsync(ContentId id, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            return new(_contents.TryGetValue(id, out var held) ? held.Info : null);
        }
    }

    public ValueTask<IContentReader?> OpenAsync(ContentId id, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            return new(_contents.TryGetValue(id, out var held) ? new Reader(held.Info, held.Data, held.Groups) : null);
        }
    }

    public ValueTask<IPartialContent> OpenPartialAsync(string key, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            Step();
            if (!_open.Add(key))
            {
                throw new SharingException(ProblemCodes.Conflict, "It is open already.");
            }

            if (!_partials.TryGetValue(key, out var image))
            {
                _partials[key] = image = new();
            }

            return new(new Partial(this, key, image));
        }
    }

    public ValueTask<bool> DeleteAsync(ContentId id, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            return new(_contents.Remove(id));
        }
    }

    public IAsyncEnumerable<ContentInfo> ListAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<Record?> GetAsync(RecordKey key, CancellationToken cancellationToken = default) => _records.GetAsync(key, cancellationToken);

    public IAsyncEnumerable<Record> ScanAsync(RecordRange range, CancellationToken cancellationToken = default) =>
        _records.ScanAsync(range, cancellationToken);

    public async ValueTask<CommitOutcome> CommitAsync(RecordBatch batch, CancellationToken cancellationToken = default)
    {
        StepAlone();
        var outcome = await _records.CommitAsync(batch, cancellationToken);
        StepAlone(); // made, and nobody was told
        return outcome;
    }

    void StepAlone()
    {
        lock (_lock)
        {
            Step();
        }
    }

    void Step()
    {
        if (!_off && --_stepsLeft < 0)
        {
            _off = true;
            Cuts++;
        }

        if (_off)
        {
            throw new IOException("The power is off.");
        }
    }

    sealed class Image
    {
        public Area Data { get; } = new();

        public Area Groups { get; } = new();

        public Area this[ContentArea area] => area == ContentArea.Data ? Data : Groups;
    }

    /// <summary>A file: what is written, and what of it is on the disk.</summary>
    sealed class Area
    {
        byte[] _now = [];
        byte[] _durable = [];
        int _durableLength;
        readonly List<(int Offset, int Length)> _pending = [];

        public int Length { get; private set; }

        public int Read(long offset, Span<byte> buffer)
        {
            var count = (int)Math.Max(0, Math.Min(buffer.Length, Length - offset));
            _now.AsSpan((int)Math.Min(offset, Length), count).CopyTo(buffer);
            return count;
        }

        public void Write(long offset, ReadOnlySpan<byte> bytes)
        {
            var end = (int)offset + bytes.Length;
            Grow(ref _now, end);
            bytes.CopyTo(_now.AsSpan((int)offset));
            Length = Math.Max(Length, end);
            _pending.Add(((int)offset, bytes.Length));
        }

        public void Flush()
        {
            Grow(ref _durable, Length);
            foreach (var (offset, length) in _pending)
            {
                _now.AsSpan(offset, length).CopyTo(_durable.AsSpan(offset));
            }

            _durableLength = Length;
            _pending.Clear();
        }

        /// <summary>Keeps of what was not flushed some blocks, each old or new.</summary>
        public void Cut(Random random)
        {
            Grow(ref _durable, Length);
            foreach (var (offset, length) in _pending)
            {
                for (var at = offset; at < offset + length; at = ((at / Block) + 1) * Block)
                {
                    var part = Math.Min(offset + length, ((at / Block) + 1) * Block) - at;
                    if (random.Next(2) == 0)
                    {
                        _now.AsSpan(at, part).CopyTo(_durable.AsSpan(at));
                        _durableLength = Math.Max(_durableLength, at + part);
                    }
                }
            }

            _pending.Clear();
            Length = _durableLength;
            _now = _durable.ToArray();
        }

        public byte[] Take(long length) => _now.AsSpan(0, (int)length).ToArray();

        static void Grow(ref byte[] bytes, int length)
        {
            if (bytes.Length < length)
            {
                Array.Resize(ref bytes, Math.Max(length, bytes.Length * 2));
            }
        }
    }

    sealed class Partial(FragileStores stores, string key, Image image) : IPartialContent
    {
        bool _ended;

        public ValueTask<int> ReadAsync(ContentArea area, long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            lock (stores._lock)
            {
                ObjectDisposedException.ThrowIf(_ended, this);
                return new(image[area].Read(offset, buffer.Span));
            }
        }

        public ValueTask WriteAsync(ContentArea area, long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default)
        {
            lock (stores._lock)
            {
                ObjectDisposedException.ThrowIf(_ended, this);
                stores.Step();
                image[area].Write(offset, bytes.Span);
                return default;
            }
        }

        public ValueTask<long> FlushAsync(CancellationToken cancellationToken = default)
        {
            lock (stores._lock)
            {
                ObjectDisposedException.ThrowIf(_ended, this);
                stores.Step();
                image.Data.Flush();
                stores.Step();
                image.Groups.Flush();
                stores._deleted.Remove(key);
                return new(image.Data.Length);
            }
        }

        public ValueTask PublishAsync(ContentInfo info, CancellationToken cancellationToken = default)
        {
            lock (stores._lock)
            {
                ObjectDisposedException.ThrowIf(_ended, this);
                stores.Step();
                var (data, groups) = (image.Data.Take(info.Length), image.Groups.Take(ContentTree.GroupCount(info.Length) * ContentId.Size));
                stores._partials[key] = Without(image); // the groups' file has been renamed
                stores.Step();
                if (stores._contents.TryAdd(info.Id, (info, data, groups)))
                {
                    stores.Step();
                }

                stores._partials.Remove(key);
                stores._deleted.Remove(key);
                End();
                return default;
            }
        }

        public ValueTask DiscardAsync(CancellationToken cancellationToken = default)
        {
            lock (stores._lock)
            {
                ObjectDisposedException.ThrowIf(_ended, this);
                stores.Step();
                stores._partials.Remove(key);
                stores._deleted.TryAdd(key, image);
                End();
                return default;
            }
        }

        public ValueTask DisposeAsync()
        {
            lock (stores._lock)
            {
                if (!_ended)
                {
                    End();
                }

                return default;
            }
        }

        void End()
        {
            _ended = true;
            stores._open.Remove(key);
        }

        static Image Without(Image groups)
        {
            var data = new Image();
            var bytes = groups.Data.Take(groups.Data.Length);
            data.Data.Write(0, bytes);
            return data;
        }
    }

    sealed class Reader(ContentInfo info, byte[] data, byte[] groups) : IContentReader
    {
        public ContentInfo Info => info;

        public ValueTask<int> ReadAsync(ContentArea area, long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var bytes = area == ContentArea.Data ? data : groups;
            var count = (int)Math.Max(0, Math.Min(buffer.Length, bytes.Length - offset));
            bytes.AsSpan((int)Math.Min(offset, bytes.Length), count).CopyTo(buffer.Span);
            return new(count);
        }

        public ValueTask DisposeAsync() => default;
    }
}
