using Sharing.Core;
using Sharing.Deployment;
using Sharing.S3;
using Sharing.Testing;
using Sharing.Trials.S3;

[assembly: AssemblyFixture(typeof(Sharing.Tests.Content.S3Fixture))]

namespace Sharing.Tests.Content;

/// <summary>The two S3 servers that all tests of a run share, each with a bucket of their own.</summary>
public sealed class S3Fixture : IAsyncDisposable
{
    readonly SemaphoreSlim _one = new(1);
    S3Server? _strict;
    S3Server? _lax;

    internal async Task<S3Options> BucketAsync(bool lax = false)
    {
        var bucket = await (await ServerAsync(lax)).CreateBucketAsync();
        return lax ? bucket with { Timeout = TimeSpan.FromSeconds(4) } : bucket; // s3rver never ends an answer whose object is deleted meanwhile
    }

    internal async Task<S3Server> ServerAsync(bool lax = false)
    {
        await _one.WaitAsync();
        try
        {
            return lax ? _lax ??= await LaxS3.StartAsync() : _strict ??= await S3Server.StartAsync();
        }
        finally
        {
            _one.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await (_strict?.DisposeAsync() ?? default);
        await (_lax?.DisposeAsync() ?? default);
        _one.Dispose();
    }
}

public sealed class S3ContentStoreTests(S3Fixture servers) : DurableContentStoreSuite
{
    readonly MemoryRecordStore _records = new();
    S3Options _bucket = null!;

    protected override int Sequences => 40;

    protected override async Task<IContentStore> CreateAsync()
    {
        _bucket = await servers.BucketAsync();
        return await ReopenAsync();
    }

    protected override Task<IContentStore> ReopenAsync() => Task.FromResult<IContentStore>(new S3ContentStore(_bucket, _records));
}

public sealed class S3PartialListingTests(S3Fixture servers) : PartialListingSuite
{
    protected override async Task<IContentStore> CreateAsync(TimeProvider time) => new S3ContentStore(await servers.BucketAsync(), new MemoryRecordStore(), time);
}

public sealed class LaxS3ContentStoreTests(S3Fixture servers) : DurableContentStoreSuite
{
    readonly MemoryRecordStore _records = new();
    S3Options _bucket = null!;

    protected override int Sequences => 12;

    protected override async Task<IContentStore> CreateAsync()
    {
        _bucket = await servers.BucketAsync(lax: true);
        return await ReopenAsync();
    }

    protected override Task<IContentStore> ReopenAsync() => Task.FromResult<IContentStore>(new S3ContentStore(_bucket, _records));
}

public sealed class LaxS3PartialListingTests(S3Fixture servers) : PartialListingSuite
{
    protected override async Task<IContentStore> CreateAsync(TimeProvider time) => new S3ContentStore(await servers.BucketAsync(lax: true), new MemoryRecordStore(), time);
}
