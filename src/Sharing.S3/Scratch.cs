using Microsoft.Win32.SafeHandles;

namespace Sharing.S3;

/// <summary>The bytes of one area that were written here and may not be in the store yet: files without a name, each for 32 MiB of it. Thread-safe.</summary>
sealed class Scratch(string folder) : IDisposable
{
    public const long FileSize = 32L << 20;

    const int NoSpaceLeft = 28; // ENOSPC
    const int DiskFull = unchecked((int)0x80070070);

    readonly Lock _lock = new();
    readonly Dictionary<long, Part> _parts = [];
    readonly RangeMap<bool> _here = new();
    readonly RangeMap<bool> _dirty = new();

    /// <summary>How many bytes are not in the store.</summary>
    public long DirtyBytes
    {
        get
        {
            lock (_lock)
            {
                return _dirty.Bytes;
            }
        }
    }

    /// <summary>How many files are open.</summary>
    public int Files
    {
        get
        {
            lock (_lock)
            {
                return _parts.Count;
            }
        }
    }

    /// <summary>One beyond the last byte that is here.</summary>
    public long End
    {
        get
        {
            lock (_lock)
            {
                return _here.End;
            }
        }
    }

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var piece = bytes[..(int)Math.Min(bytes.Length, FileSize - (offset % FileSize))];
            var part = Enter(offset / FileSize);
            var written = false;
            try
            {
                RandomAccess.Write(part.File, piece, offset % FileSize);
                written = true;
            }
            catch (IOException fault) when ((fault.HResult & 0xFFFF) == NoSpaceLeft || fault.HResult == DiskFull)
            {
                throw new SharingException(ProblemCodes.NoSpace, $"There is no room left in {folder}, where bytes wait for the S3 store.", fault);
            }
            finally
            {
                lock (_lock)
                {
                    part.Users--;
                    if (written)
                    {
                        _here.Set(offset, offset + piece.Length, value: true);
                        _dirty.Set(offset, offset + piece.Length, value: true);
                    }
                }
            }

            offset += piece.Length;
            bytes = bytes[piece.Length..];
        }
    }

    /// <summary>Reads what is here.</summary>
    /// <param name="offset">From where on.</param>
    /// <param name="buffer">Filled as far as the bytes are here.</param>
    /// <param name="next">Where nothing was read: the first byte from there on that is here.</param>
    public int Read(long offset, Span<byte> buffer, out long next)
    {
        Part part;
        int count;
        lock (_lock)
        {
            var (end, found, _) = _here.At(offset);
            next = end;
            if (!found)
            {
                return 0;
            }

            part = _parts[offset / FileSize];
            part.Users++;
            count = (int)Math.Min(buffer.Length, Math.Min(end - offset, FileSize - (offset % FileSize)));
        }

        try
        {
            return RandomAccess.Read(part.File, buffer[..count], offset % FileSize);
        }
        finally
        {
            lock (_lock)
            {
                part.Users--;
            }
        }
    }

    /// <summary>Whether bytes are here from one offset on, and to where.</summary>
    public long HereTo(long offset)
    {
        lock (_lock)
        {
            var (end, found, _) = _here.At(offset);
            return found ? end : offset;
        }
    }

    /// <summary>Takes note that somebody brings what is dirty to the store.</summary>
    /// <returns>What that is, in order.</returns>
    public IReadOnlyList<(long Start, long End)> Take()
    {
        lock (_lock)
        {
            List<(long, long)> taken = [.. _dirty.Ranges.Select(static range => (range.Start, range.End))];
            _dirty.Clear(0, long.MaxValue);
            return taken;
        }
    }

    /// <summary>It did not get there.</summary>
    public void PutBack(IEnumerable<(long Start, long End)> taken)
    {
        lock (_lock)
        {
            foreach (var (start, end) in taken)
            {
                _dirty.Set(start, end, value: true);
            }
        }
    }

    /// <summary>Lets go of the files that hold nothing but what is in the store.</summary>
    public void Shrink()
    {
        lock (_lock)
        {
            foreach (var (index, part) in _parts.Where(part => part.Value.Users == 0).ToList())
            {
                var (start, end) = (index * FileSize, (index + 1) * FileSize);
                var (next, isDirty, _) = _dirty.At(start);
                if (!isDirty && next >= end)
                {
                    _here.Clear(start, end);
                    _parts.Remove(index);
                    part.File.Dispose();
                }
            }
        }
    }

    /// <summary>Bytes that are here, for a stream: the caller sees to it that nothing is shrunk or written meanwhile.</summary>
    public IEnumerable<(SafeFileHandle File, long Offset, long Length)> Open(long start, long end)
    {
        while (start < end)
        {
            var length = Math.Min(end - start, FileSize - (start % FileSize));
            SafeFileHandle file;
            lock (_lock)
            {
                file = _parts[start / FileSize].File;
            }

            yield return (file, start % FileSize, length);
            start += length;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var part in _parts.Values)
            {
                part.File.Dispose();
            }

            _parts.Clear();
        }
    }

    Part Enter(long index)
    {
        lock (_lock)
        {
            if (!_parts.TryGetValue(index, out var part))
            {
                _parts[index] = part = new(OpenFile());
            }

            part.Users++;
            return part;
        }
    }

    SafeFileHandle OpenFile()
    {
        var path = Path.Combine(folder, $"sharing-{Guid.NewGuid():n}.part");
        try
        {
            var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, FileOptions.DeleteOnClose);
            if (!OperatingSystem.IsWindows())
            {
                File.Delete(path); // so that nothing is left of it, however this process ends
            }

            return file;
        }
        catch (UnauthorizedAccessException fault)
        {
            throw new IOException($"{folder}, where bytes wait for the S3 store, cannot be written to.", fault);
        }
    }

    sealed class Part(SafeFileHandle file)
    {
        public SafeFileHandle File => file;

        public int Users { get; set; }
    }
}
