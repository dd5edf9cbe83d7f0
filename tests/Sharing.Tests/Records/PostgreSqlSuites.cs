using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Sharing.Core;
using Sharing.PostgreSql;
using Sharing.Server;
using Sharing.Testing;
using Sharing.Tests.Content;
using Sharing.Tests.Hosting;
using Sharing.Tests.Library;
using Sharing.Tests.Network;
using Sharing.Tests.People;

namespace Sharing.Tests.Records;

// The suites of whatever keeps records, with the records in PostgreSQL.

public sealed class PostgreSqlGraphTests(PostgresFixture postgres) : RelationshipGraphSuite
{
    PostgreSqlRecordStore _records = null!;

    protected override async Task<GraphUnderTest> CreateAsync() => MemoryGraphTests.Of(new RelationshipStore(_records = new(await postgres.PlaceAsync())));

    protected override ValueTask CleanUpAsync() => _records.DisposeAsync();
}

public sealed class PostgreSqlRelationshipsTests(PostgresFixture postgres) : RelationshipsSuite, IAsyncDisposable
{
    PostgreSqlRecordStore? _records;

    protected override async Task<(IRelationships Relationships, IRelationshipGraph Graph)> CreateAsync()
    {
        var store = new RelationshipStore(_records = new(await postgres.PlaceAsync()));
        return (store, store);
    }

    public ValueTask DisposeAsync() => _records?.DisposeAsync() ?? default;
}

public sealed class PostgreSqlGroupsTests(PostgresFixture postgres) : FriendGroupsSuite, IAsyncDisposable
{
    PostgreSqlRecordStore? _records;

    protected override async Task<(IFriendGroups Groups, IRelationshipGraph Graph)> CreateAsync()
    {
        var store = new RelationshipStore(_records = new(await postgres.PlaceAsync()));
        return (store, store);
    }

    public ValueTask DisposeAsync() => _records?.DisposeAsync() ?? default;
}

public sealed class PostgreSqlPeopleTests(PostgresFixture postgres) : PeopleSuite
{
    PostgreSqlRecordStore _records = null!;
    PeopleStore _store = null!;

    protected override async Task<IPeople> CreateAsync() => _store = new(_records = new(await postgres.PlaceAsync()));

    protected override Task SaveAsync(Person person) => _store.SaveAsync(person, Cancel);

    protected override ValueTask CleanUpAsync() => _records.DisposeAsync();
}

public sealed class PostgreSqlSocialNetworkTests(PostgresFixture postgres) : SocialNetworkSuite
{
    PostgreSqlRecordStore _records = null!;

    protected override async Task<NetworkUnderTest> CreateAsync()
    {
        var time = new FakeTimeProvider();
        var networks = new Networks(_records = new(await postgres.PlaceAsync()), time);
        return Networks.UnderTest(networks.Network, networks.Relationships, time);
    }

    protected override ValueTask CleanUpAsync() => _records.DisposeAsync();
}

/// <summary>A whole host, as <c>UsePostgreSql</c> makes it.</summary>
public sealed class PostgreSqlLibraryTests(PostgresFixture postgres) : LibrarySuite
{
    PostgreSqlOptions _place = null!;

    private protected override async Task PrepareAsync() => _place = await postgres.PlaceAsync();

    private protected override void Configure(SharingBuilder sharing, string folder) => sharing.UsePostgreSql(_place).UseContentFolder(folder);

    private protected override IOfflineStore StoreOf(SharingHost host) => host.Get<IOfflineStore>();
}

/// <summary>The server sample, told to keep its records there.</summary>
public sealed class PostgreSqlServerTests(PostgresFixture postgres)
{
    [Fact(Timeout = 60_000)]
    public async Task The_server_keeps_its_records_there_and_wakes_by_it()
    {
        using var folder = new TemporaryFolder();
        var database = await (await postgres.ServerAsync()).CreateDatabaseAsync(TestContext.Current.CancellationToken);
        await using (var app = ServerHost.Build(["--urls=http://127.0.0.1:0", $"--Sharing:Data={folder.Path}", $"--Sharing:PostgreSql={database}", "--Sharing:Roles:0=photos", "--Logging:LogLevel:Default=None"]))
        {
            await app.StartAsync(TestContext.Current.CancellationToken);
            using var http = new HttpClient();
            Assert.Equal("Healthy", await http.GetStringAsync(new Uri(app.Urls.First() + "/health/ready"), TestContext.Current.CancellationToken));
            await using var elsewhere = new PostgreSqlRecordStore(new() { ConnectionString = database });
            var (watch, key) = (app.Services.GetRequiredService<IRecordWatch>(), RecordKey.Of("thing", "1"));
            var seen = await watch.WaitAsync("thing", 0, TestContext.Current.CancellationToken);
            await elsewhere.CommitAsync(new RecordBatch().Put(key, "1"u8.ToArray(), RecordBatch.Absent), TestContext.Current.CancellationToken);
            await watch.WaitAsync("thing", seen, TestContext.Current.CancellationToken);
            Assert.NotNull(await app.Services.GetRequiredService<IRecordStore>().GetAsync(key, TestContext.Current.CancellationToken));
            await app.StopAsync(TestContext.Current.CancellationToken);
        }

        Assert.False(File.Exists(folder.Join("sharing.db")));
        await (await postgres.ServerAsync()).DropAsync(database);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_one_host_has_sealed_another_opens()
    {
        using var folder = new TemporaryFolder();
        var database = await (await postgres.ServerAsync()).CreateDatabaseAsync(TestContext.Current.CancellationToken);
        await using (WebApplication one = Host("one"), other = Host("other"))
        {
            var seal = one.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test").Protect("for all hosts");
            Assert.Equal("for all hosts", other.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test").Unprotect(seal));
            Assert.False(Directory.Exists(folder.Join("one/keys")));
        }

        await (await postgres.ServerAsync()).DropAsync(database);

        WebApplication Host(string name) => ServerHost.Build(
            ["--urls=http://127.0.0.1:0", $"--Sharing:Data={folder.Join(name)}", $"--Sharing:PostgreSql={database}", "--Sharing:Roles:0=photos", "--Logging:LogLevel:Default=None"]);
    }
}
