using System.Collections.Concurrent;

namespace Sharing.Core;

/// <summary>Bytes in memory, in chunks that are there only where something was written. Reads and writes may run side by side;
/// <see cref="Cut"/> runs alone, and nothing is written after it.</summary>
sealed class SparseBytes(int chunkSize)
{
    readonly ConcurrentDictionary<long, byte[]> _chunks = new();
    long _length;

    /// <summary>One beyond the furthest byte ever written.</summary>
    public long Length => Volatile.Read(ref _length);

    public int Read(long offset, Span<byte> buffer)
    {
        if (offset >= Length)
        {
            return 0;
        }

        buffer = buffer[..(int)Math.Min(buffer.Length, Length - offset)];
        for (var done = 0; done < buffer.Length;)
        {
            var (index, within) = Math.DivRem(offset + done, chunkSize);
            var part = buffer.Slice(done, (int)Math.Min(buffer.Length - done, chunkSize - within));
            if (_chunks.TryGetValue(index, out var chunk))
            {
                chunk.AsSpan((int)within, part.Length).CopyTo(part);
            }
            else
            {
                part.Clear();
            }

            done += part.Length;
        }

        return buffer.Length;
    }

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        var end = offset + bytes.Length;
        while (!bytes.IsEmpty)
        {
            var (index, within) = Math.DivRem(offset, chunkSize);
            var part = bytes[..(int)Math.Min(bytes.Length, chunkSize - within)];
            part.CopyTo(_chunks.GetOrAdd(index, static (_, size) => new byte[size], chunkSize).AsSpan((int)within));
            offset += part.Length;
            bytes = bytes[part.Length..];
        }

        for (var seen = Length; seen < end; seen = Length)
        {
            Interlocked.CompareExchange(ref _length, end, seen);
        }
    }

    /// <summary>Keeps the first bytes only, in no more memory than they need.</summary>
    public void Cut(long length)
    {
        var (last, rest) = Math.DivRem(length, chunkSize);
        foreach (var index in _chunks.Keys)
        {
            if (index > last || (index == last && rest == 0))
            {
                _chunks.TryRemove(index, out _);
            }
        }

        if (_chunks.TryGetValue(last, out var chunk))
        {
            _chunks[last] = chunk[..(int)rest];
        }

        Volatile.Write(ref _length, length);
    }
}
