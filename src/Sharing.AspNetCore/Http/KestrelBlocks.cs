using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace Sharing.AspNetCore;

/// <summary>The blocks that Kestrel reads into and writes from: larger than its 4 KiB, so that what many bytes come and go with takes fewer calls of the system. A connection on which nothing comes or
/// goes has none. Thread-safe.</summary>
sealed class KestrelBlocks : IMemoryPoolFactory<byte>
{
    const int Size = 64 * 1024;

    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new Pool();

    sealed class Pool : MemoryPool<byte>
    {
        public override int MaxBufferSize => Shared.MaxBufferSize;

        public override IMemoryOwner<byte> Rent(int minBufferSize = -1) => Shared.Rent(Math.Max(Size, minBufferSize));

        protected override void Dispose(bool disposing)
        {
            // The arrays are everybody's.
        }
    }
}
