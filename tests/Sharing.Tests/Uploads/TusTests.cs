using Sharing.Testing;

namespace Sharing.Tests.Uploads;

public sealed class MemoryTusTests : TusSuite
{
    UploadHost _host = null!;

    protected override async Task<TusUnderTest> CreateAsync()
    {
        _host = await UploadHost.InMemoryAsync();
        return new(_host.Http, _host.Endpoint, _host.BytesOfAsync);
    }

    protected override ValueTask CleanUpAsync() => _host.DisposeAsync();
}

public sealed class FolderTusTests : TusSuite
{
    UploadHost _host = null!;

    protected override async Task<TusUnderTest> CreateAsync()
    {
        _host = await UploadHost.InFolderAsync();
        return new(_host.Http, _host.Endpoint, _host.BytesOfAsync);
    }

    protected override ValueTask CleanUpAsync() => _host.DisposeAsync();
}
