using System.Buffers;
using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;

namespace Sharing.AspNetCore;

/// <summary>Memory for the web server in pieces of 64 KiB instead of its own of 4 KiB: a body comes in a sixteenth of the system calls. An idle connection has none. Thread-safe.</summary>
sealed class LargeBlocks : MemoryPool<byte>, IMemoryPoolFactory<byte>
{
    const int Size = 64 * 1024, MostFree = 256;

    readonly ConcurrentQueue<byte[]> _free = new();

    public override int MaxBufferSize => Size;

    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => this;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, Size);
        return new Block(_free, _free.TryDequeue(out var bytes) ? bytes : GC.AllocateUninitializedArray<byte>(Size, pinned: true));
    }

    protected override void Dispose(bool disposing) => _free.Clear();

    sealed class Block(ConcurrentQueue<byte[]> free, byte[] bytes) : IMemoryOwner<byte>
    {
        byte[]? _bytes = bytes;

        public Memory<byte> Memory => _bytes ?? throw new ObjectDisposedException(nameof(Block));

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _bytes, null) is { } back && free.Count < MostFree)
            {
                free.Enqueue(back);
            }
        }
    }
}
