using Sharing.Core;
using Xunit;

namespace Sharing.Testing;

/// <summary>What every <see cref="IRelationships"/> must do, as its graph tells it. Derive it, return one without any, and run your tests.</summary>
public abstract class RelationshipsSuite
{
    static readonly PersonId Anna = PersonId.Parse("anna"), Ben = PersonId.Parse("ben");

    /// <summary>Ends with the test run.</summary>
    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Makes one, and the graph that tells of it: as hosts hear it, who are told who is blocked.</summary>
    protected abstract Task<(IRelationships Relationships, IRelationshipGraph Graph)> CreateAsync();

#pragma warning disable CS1591 // the names of the tests say it
    [Fact]
    public async Task One_sided_friendship_is_an_invitation_until_it_is_answered()
    {
        var (relationships, graph) = await CreateAsync();
        await relationships.BefriendAsync(Anna, Ben, true, Cancel);
        Assert.Equal((RelationshipKinds.Invited, RelationshipKinds.InvitedBy), await BetweenAsync(graph));
        Assert.Equal([Anna], await relationships.RequestsAsync(Ben, Cancel).ToListAsync(Cancel));
        await relationships.BefriendAsync(Ben, Anna, true, Cancel);
        Assert.Equal((RelationshipKinds.Friend, RelationshipKinds.Friend), await BetweenAsync(graph));
        Assert.Empty(await relationships.RequestsAsync(Ben, Cancel).ToListAsync(Cancel));
        await relationships.BefriendAsync(Ben, Anna, false, Cancel);
        Assert.Equal((RelationshipKinds.None, RelationshipKinds.None), await BetweenAsync(graph));
    }

    [Fact]
    public async Task A_block_ends_everything_and_nothing_begins_while_it_lasts()
    {
        var (relationships, graph) = await CreateAsync();
        await relationships.BefriendAsync(Anna, Ben, true, Cancel);
        await relationships.BefriendAsync(Ben, Anna, true, Cancel);
        await relationships.FollowAsync(Ben, Anna, true, Cancel);
        await relationships.BlockAsync(Anna, Ben, true, Cancel);
        Assert.Equal((RelationshipKinds.Blocks, RelationshipKinds.BlockedBy), await BetweenAsync(graph));
        await relationships.BefriendAsync(Ben, Anna, true, Cancel);
        await relationships.FollowAsync(Ben, Anna, true, Cancel);
        Assert.Equal((RelationshipKinds.Blocks, RelationshipKinds.BlockedBy), await BetweenAsync(graph));
        Assert.Empty(await relationships.RequestsAsync(Anna, Cancel).ToListAsync(Cancel));
        await relationships.BlockAsync(Anna, Ben, false, Cancel);
        Assert.Equal((RelationshipKinds.None, RelationshipKinds.None), await BetweenAsync(graph));
    }

    [Fact]
    public async Task Both_may_block_each_other_and_one_of_the_two_blocks_is_enough()
    {
        var (relationships, graph) = await CreateAsync();
        await relationships.BlockAsync(Anna, Ben, true, Cancel);
        await relationships.BlockAsync(Ben, Anna, true, Cancel);
        const RelationshipKinds both = RelationshipKinds.Blocks | RelationshipKinds.BlockedBy;
        Assert.Equal((both, both), await BetweenAsync(graph));
        await relationships.BlockAsync(Anna, Ben, false, Cancel);
        Assert.Equal((RelationshipKinds.BlockedBy, RelationshipKinds.Blocks), await BetweenAsync(graph));
    }

    static async Task<(RelationshipKinds FromAnna, RelationshipKinds FromBen)> BetweenAsync(IRelationshipGraph graph) => (
        (await graph.BetweenAsync(Anna, [Ben], Cancel)).GetValueOrDefault(Ben), (await graph.BetweenAsync(Ben, [Anna], Cancel)).GetValueOrDefault(Anna));
}
