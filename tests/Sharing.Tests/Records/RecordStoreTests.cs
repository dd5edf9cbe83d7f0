using Sharing.Core;
using Sharing.Testing;

namespace Sharing.Tests.Records;

public sealed class MemoryRecordStoreTests : RecordStoreSuite
{
    protected override Task<IRecordStore> CreateAsync() => Task.FromResult<IRecordStore>(new MemoryRecordStore());
}

public sealed class WatchingRecordStoreTests : RecordStoreSuite
{
    protected override Task<IRecordStore> CreateAsync() => Task.FromResult<IRecordStore>(new WatchingRecordStore(new MemoryRecordStore()));
}
