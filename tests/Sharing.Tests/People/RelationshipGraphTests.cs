using Sharing.Core;
using Sharing.Offline;
using Sharing.Sqlite;
using Sharing.Testing;
using Sharing.Tests.Content;
using Sharing.Tests.Hosting;
using Sharing.Tests.Network;

namespace Sharing.Tests.People;

public sealed class MemoryGraphTests : RelationshipGraphSuite
{
    protected override Task<GraphUnderTest> CreateAsync() => Task.FromResult(Of(new RelationshipStore(new MemoryRecordStore())));

    internal static GraphUnderTest Of(RelationshipStore store) => Of(store, store);

    internal static GraphUnderTest Of(IRelationshipGraph graph, IRelationships relationships) => new()
    {
        Graph = graph,
        BefriendAsync = (one, other, friends) => Networks.BefriendAsync(relationships, one, other, friends),
        FollowAsync = (one, other, follows) => relationships.FollowAsync(one, other, follows),
    };
}

public sealed class SqliteGraphTests : RelationshipGraphSuite
{
    readonly TemporaryFolder _folder = new();
    SqliteRecordStore _records = null!;

    protected override Task<GraphUnderTest> CreateAsync()
    {
        _records = new(new() { Path = _folder.Join("records.db") });
        return Task.FromResult(MemoryGraphTests.Of(new RelationshipStore(_records)));
    }

    protected override async ValueTask CleanUpAsync()
    {
        await _records.DisposeAsync();
        _folder.Dispose();
    }
}

public sealed class HttpGraphTests : RelationshipGraphSuite
{
    SharingHost _host = null!;

    protected override async Task<GraphUnderTest> CreateAsync()
    {
        _host = await SharingHost.StartAsync(sharing => sharing.AddSocialNetwork());
        return MemoryGraphTests.Of(new HttpRelationships(_host.Connect(asHost: true)), new HttpRelationships(_host.Connect()));
    }

    protected override ValueTask CleanUpAsync() => _host.DisposeAsync();

    [Fact]
    [Trait("Row", "R4")]
    public async Task Nobody_but_a_host_may_ask_about_the_relationships_of_another()
    {
        var (anna, ben) = (PersonId.Parse("anna"), PersonId.Parse("ben"));
        await Subject.FollowAsync(anna, ben, true);
        var asBen = new ServerConnection(_host.Http, _host.Address, (_, _) => ValueTask.FromResult<string?>(SharingHost.TokenOf(ben)));
        var refused = await Assert.ThrowsAsync<SharingException>(() => new HttpRelationships(asBen).BetweenAsync(anna, [ben], Cancel).AsTask());
        Assert.Equal(ProblemCodes.NotAllowed, refused.Code);
    }
}

public sealed class PeopleStoreTests : PeopleSuite
{
    readonly PeopleStore _store = new(new MemoryRecordStore());

    protected override Task<IPeople> CreateAsync() => Task.FromResult<IPeople>(_store);

    protected override Task SaveAsync(Person person) => _store.SaveAsync(person, Cancel);
}

public sealed class FriendRequestTests
{
    readonly RelationshipStore _store = new(new MemoryRecordStore());

    [Fact]
    [Trait("Row", "R4")]
    public async Task A_friendship_needs_both_and_one_who_waits_is_listed_until_he_is_answered()
    {
        var (anna, ben) = (PersonId.Parse(new string('愛', 66)), PersonId.Parse("ben"));
        await _store.BefriendAsync(anna, ben, true);
        await _store.BefriendAsync(anna, ben, true);
        Assert.Equal([anna], await _store.RequestsAsync(ben).ToListAsync());
        Assert.Empty(await _store.RequestsAsync(anna).ToListAsync());
        Assert.Empty(await _store.RelatedAsync(ben, RelationshipKinds.Friend));
        await _store.BefriendAsync(ben, anna, true);
        Assert.Empty(await _store.RequestsAsync(ben).ToListAsync());
        Assert.Equal(RelationshipKinds.Friend, (await _store.RelatedAsync(ben, RelationshipKinds.Friend))[anna]);
        await _store.BefriendAsync(ben, anna, false);
        await _store.BefriendAsync(ben, anna, false);
        Assert.Empty(await _store.RequestsAsync(ben).ToListAsync());
        Assert.Empty(await _store.RelatedAsync(anna, RelationshipKinds.Friend));
        Assert.Equal(ProblemCodes.InvalidInput, (await Assert.ThrowsAsync<SharingException>(() => _store.FollowAsync(ben, ben, true))).Code);
    }

    [Fact]
    [Trait("Row", "R4")]
    public async Task A_request_is_declined_or_taken_back_and_may_be_made_again()
    {
        var (anna, ben) = (PersonId.Parse("anna"), PersonId.Parse("ben"));
        await _store.FollowAsync(anna, ben, true);
        foreach (var ends in new[] { ben, anna })
        {
            await _store.BefriendAsync(anna, ben, true);
            Assert.Equal([anna], await _store.RequestsAsync(ben).ToListAsync());
            await _store.BefriendAsync(ends, ends == ben ? anna : ben, false);
            Assert.Empty(await _store.RequestsAsync(ben).ToListAsync());
            Assert.Equal(RelationshipKinds.FollowedBy, (await _store.RelatedAsync(ben, RelationshipKinds.FollowedBy))[anna]); // that she follows him is another thing
        }
    }
}

public sealed class MemoryRelationshipsTests : RelationshipsSuite
{
    protected override Task<(IRelationships Relationships, IRelationshipGraph Graph)> CreateAsync()
    {
        var store = new RelationshipStore(new MemoryRecordStore());
        return Task.FromResult<(IRelationships, IRelationshipGraph)>((store, store));
    }
}

public sealed class SqliteRelationshipsTests : RelationshipsSuite, IAsyncDisposable
{
    readonly TemporaryFolder _folder = new();
    SqliteRecordStore? _records;

    protected override Task<(IRelationships Relationships, IRelationshipGraph Graph)> CreateAsync()
    {
        var store = new RelationshipStore(_records = new(new() { Path = _folder.Join("records.db") }));
        return Task.FromResult<(IRelationships, IRelationshipGraph)>((store, store));
    }

    public async ValueTask DisposeAsync()
    {
        await (_records?.DisposeAsync() ?? default);
        _folder.Dispose();
    }
}

public sealed class HttpRelationshipsTests : RelationshipsSuite, IAsyncDisposable
{
    SharingHost? _host;

    protected override async Task<(IRelationships Relationships, IRelationshipGraph Graph)> CreateAsync()
    {
        _host = await SharingHost.StartAsync(sharing => sharing.AddSocialNetwork());
        return (new HttpRelationships(_host.Connect()), new HttpRelationships(_host.Connect(asHost: true)));
    }

    public ValueTask DisposeAsync() => _host?.DisposeAsync() ?? default;
}

public sealed class MemoryGroupsTests : FriendGroupsSuite
{
    protected override Task<(IFriendGroups Groups, IRelationshipGraph Graph)> CreateAsync()
    {
        var store = new RelationshipStore(new MemoryRecordStore());
        return Task.FromResult<(IFriendGroups, IRelationshipGraph)>((store, store));
    }

    [Fact]
    public async Task There_are_a_hundred_groups_at_most()
    {
        var (groups, _) = await CreateAsync();
        for (var i = 0; i < 100; i++)
        {
            await groups.SaveAsync(PersonId.Parse("anna"), new($"group {i}", [PersonId.Parse("ben")]), Cancel);
        }

        await groups.SaveAsync(PersonId.Parse("anna"), new("group 7", [PersonId.Parse("carl")]), Cancel);
        Assert.Equal(ProblemCodes.InvalidInput, (await Assert.ThrowsAsync<SharingException>(() => groups.SaveAsync(PersonId.Parse("anna"), new("one more", [PersonId.Parse("ben")]), Cancel))).Code);
    }
}

public sealed class HttpGroupsTests : FriendGroupsSuite, IAsyncDisposable
{
    SharingHost? _host;

    protected override async Task<(IFriendGroups Groups, IRelationshipGraph Graph)> CreateAsync()
    {
        _host = await SharingHost.StartAsync(sharing => sharing.AddSocialNetwork());
        return (new HttpRelationships(_host.Connect()), new HttpRelationships(_host.Connect(asHost: true)));
    }

    public ValueTask DisposeAsync() => _host?.DisposeAsync() ?? default;
}
