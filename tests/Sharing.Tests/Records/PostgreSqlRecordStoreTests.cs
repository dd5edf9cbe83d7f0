using Sharing.Deployment;
using Sharing.PostgreSql;
using Sharing.Testing;
using Sharing.Tests.Records;
using Sharing.Trials.PostgreSql;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace Sharing.Tests.Records;

/// <summary>One server for all tests. Started by the first that asks.</summary>
public sealed class PostgresFixture : IAsyncDisposable
{
    readonly SemaphoreSlim _one = new(1);
    PostgresServer? _server;
    string? _database;
    int _schemas;

    /// <summary>Where nothing is yet: a schema in a database that they have together.</summary>
    internal async Task<PostgreSqlOptions> PlaceAsync()
    {
        var server = await ServerAsync();
        await _one.WaitAsync();
        try
        {
            return new() { ConnectionString = _database ??= await server.CreateDatabaseAsync(), Schema = $"test{++_schemas}" };
        }
        finally
        {
            _one.Release();
        }
    }

    internal async Task<PostgresServer> ServerAsync()
    {
        await _one.WaitAsync();
        try
        {
            return _server ??= await PostgresServer.StartAsync();
        }
        finally
        {
            _one.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await (_server?.DisposeAsync() ?? default);
        _one.Dispose();
    }
}

/// <summary>Each test has a database of its own.</summary>
public abstract class PostgresDatabaseTests(PostgresFixture postgres) : IAsyncLifetime
{
    internal PostgresServer Server { get; private set; } = null!;

    protected string Database { get; private set; } = "";

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Server = await postgres.ServerAsync();
        Database = await Server.CreateDatabaseAsync(Cancel);
    }

    public virtual async ValueTask DisposeAsync()
    {
        await Server.DropAsync(Database);
        GC.SuppressFinalize(this);
    }
}

public sealed class PostgreSqlRecordStoreTests(PostgresFixture postgres) : DurableRecordStoreSuite
{
    PostgreSqlOptions _place = null!;

    protected override async Task<IRecordStore> CreateAsync()
    {
        _place = await postgres.PlaceAsync();
        return await ReopenAsync();
    }

    protected override Task<IRecordStore> ReopenAsync() => Task.FromResult<IRecordStore>(new PostgreSqlRecordStore(_place));
}

/// <summary>Changes of this host wake.</summary>
public sealed class PostgreSqlWatchTests(PostgresFixture postgres) : RecordWatchSuite
{
    protected override async Task<(IRecordStore Records, IRecordWatch Watch)> CreateAsync()
    {
        var records = new PostgreSqlRecordStore(await postgres.PlaceAsync());
        return (records, records);
    }
}

/// <summary>Changes of another host wake.</summary>
public sealed class PostgreSqlWatchOfAnotherHostTests(PostgresFixture postgres) : RecordWatchSuite
{
    PostgreSqlRecordStore _other = null!;

    protected override async Task<(IRecordStore Records, IRecordWatch Watch)> CreateAsync()
    {
        var place = await postgres.PlaceAsync();
        _other = new(place);
        return (new PostgreSqlRecordStore(place), _other);
    }

    protected override ValueTask CleanUpAsync() => _other.DisposeAsync();
}
