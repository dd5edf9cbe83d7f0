using Sharing.Core;
using Sharing.Testing;

namespace Sharing.Tests.Faults;

// With nothing planned a wrapper is what it wraps.
public sealed class FaultyContentStoreTests : ContentStoreSuite
{
    protected override Task<IContentStore> CreateAsync() => Task.FromResult<IContentStore>(new FaultyContentStore(new MemoryContentStore(), new()));
}

public sealed class FaultyRecordStoreTests : RecordStoreSuite
{
    protected override Task<IRecordStore> CreateAsync() => Task.FromResult<IRecordStore>(new FaultyRecordStore(new MemoryRecordStore(), new()));
}
