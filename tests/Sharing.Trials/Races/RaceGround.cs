using Sharing.Core;
using Sharing.PostgreSql;
using Sharing.S3;
using Sharing.Trials.PostgreSql;
using Sharing.Trials.S3;

namespace Sharing.Trials.Races;

/// <summary>Where races are run: records and contents that begin empty each time.</summary>
interface IRaceGround
{
    /// <summary>Empty records.</summary>
    Task<IRecordStore> ClearAsync();

    /// <summary>Contents that go by a clock.</summary>
    IContentStore Open(IRecordStore records, TimeProvider time);
}

/// <summary>In memory.</summary>
sealed class MemoryGround : IRaceGround
{
    public static IRaceGround Only { get; } = new MemoryGround();

    public Task<IRecordStore> ClearAsync() => Task.FromResult<IRecordStore>(new MemoryRecordStore());

    public IContentStore Open(IRecordStore records, TimeProvider time) => new MemoryContentStore(time);
}

/// <summary>In a real PostgreSQL database, as several hosts have it, and in an S3 store.</summary>
sealed class SharedGround : IRaceGround, IAsyncDisposable
{
    readonly S3Options _bucket;
    readonly PostgreSqlRecordStore[] _hosts;
    readonly S3Stub _stub;

    SharedGround(PostgreSqlOptions place, S3Stub stub, int hosts)
    {
        (_stub, _bucket) = (stub, stub.Options("host"));
        _hosts = [.. Enumerable.Range(0, hosts).Select(_ => new PostgreSqlRecordStore(place))];
    }

    /// <summary>The records as each host has them.</summary>
    public IReadOnlyList<IRecordStore> Hosts => _hosts;

    public static async Task<SharedGround> StartAsync(PostgreSqlOptions place, int hosts = 1) =>
        new(place, await S3Stub.StartAsync(TimeProvider.System, new Random(1)), hosts);

    public async Task<IRecordStore> ClearAsync()
    {
        var batch = new RecordBatch();
        await foreach (var record in _hosts[0].ScanAsync(RecordRange.All))
        {
            batch.Delete(record.Key, RecordBatch.Any);
        }

        if (batch.Changes.Count > 0)
        {
            await _hosts[0].CommitAsync(batch);
        }

        return _hosts[0];
    }

    public IContentStore Open(IRecordStore records, TimeProvider time) => new S3ContentStore(_bucket, records, time);

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
        }

        await _stub.DisposeAsync();
    }
}
