using Sharing.Core;
using Sharing.Sqlite;
using Sharing.Testing;
using Sharing.Tests.Content;

namespace Sharing.Tests.Records;

// The suites of whatever keeps records, with the records in SQLite; those of graph, relationships and network are beside the ones in memory.

public sealed class SqlitePeopleTests : PeopleSuite
{
    readonly TemporaryFolder _folder = new();
    SqliteRecordStore _records = null!;
    PeopleStore _store = null!;

    protected override Task<IPeople> CreateAsync()
    {
        _records = new(new() { Path = _folder.Join("records.db") });
        return Task.FromResult<IPeople>(_store = new(_records));
    }

    protected override Task SaveAsync(Person person) => _store.SaveAsync(person, Cancel);

    protected override async ValueTask CleanUpAsync()
    {
        await _records.DisposeAsync();
        _folder.Dispose();
    }
}

public sealed class SqliteGroupsTests : FriendGroupsSuite, IAsyncDisposable
{
    readonly TemporaryFolder _folder = new();
    SqliteRecordStore? _records;

    protected override Task<(IFriendGroups Groups, IRelationshipGraph Graph)> CreateAsync()
    {
        var store = new RelationshipStore(_records = new(new() { Path = _folder.Join("records.db") }));
        return Task.FromResult<(IFriendGroups, IRelationshipGraph)>((store, store));
    }

    public async ValueTask DisposeAsync()
    {
        await (_records?.DisposeAsync() ?? default);
        _folder.Dispose();
    }
}

public sealed class SqliteWatchTests : RecordWatchSuite
{
    readonly TemporaryFolder _folder = new();
    SqliteRecordStore _records = null!;

    protected override Task<(IRecordStore Records, IRecordWatch Watch)> CreateAsync()
    {
        var watching = new WatchingRecordStore(_records = new(new() { Path = _folder.Join("records.db") }));
        return Task.FromResult<(IRecordStore, IRecordWatch)>((watching, watching));
    }

    protected override async ValueTask CleanUpAsync()
    {
        await _records.DisposeAsync();
        _folder.Dispose();
    }
}
