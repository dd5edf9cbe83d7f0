using Sharing.Core;
using Sharing.Testing;

namespace Sharing.Tests.Content;

public sealed class MemoryContentStoreTests : ContentStoreSuite
{
    protected override Task<IContentStore> CreateAsync() => Task.FromResult<IContentStore>(new MemoryContentStore());
}

public sealed class MemoryPartialListingTests : PartialListingSuite
{
    protected override Task<IContentStore> CreateAsync(TimeProvider time) => Task.FromResult<IContentStore>(new MemoryContentStore(time));
}

public sealed class FolderContentStoreTests : DurableContentStoreSuite
{
    readonly TemporaryFolder _folder = new();

    protected override Task<IContentStore> CreateAsync() => ReopenAsync();

    protected override Task<IContentStore> ReopenAsync() => Task.FromResult<IContentStore>(new FolderContentStore(_folder.Join("store")));

    protected override ValueTask CleanUpAsync()
    {
        _folder.Dispose();
        return default;
    }
}

public sealed class FolderPartialListingTests : PartialListingSuite
{
    readonly TemporaryFolder _folder = new();

    protected override Task<IContentStore> CreateAsync(TimeProvider time) =>
        Task.FromResult<IContentStore>(new FolderContentStore(_folder.Path, time));

    protected override ValueTask CleanUpAsync()
    {
        _folder.Dispose();
        return default;
    }
}
