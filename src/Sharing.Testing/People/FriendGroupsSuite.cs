using Sharing.Core;
using Xunit;

namespace Sharing.Testing;

/// <summary>What every <see cref="IFriendGroups"/> must do, as its graph tells it. Derive it, return one without any, and run your tests.</summary>
public abstract class FriendGroupsSuite
{
    static readonly PersonId Anna = PersonId.Parse("anna"), Ben = PersonId.Parse("ben");

    /// <summary>Ends with the test run.</summary>
    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Makes one, and the graph that tells of it: as hosts hear it.</summary>
    protected abstract Task<(IFriendGroups Groups, IRelationshipGraph Graph)> CreateAsync();

#pragma warning disable CS1591 // the names of the tests say it
    [Fact]
    public async Task A_group_is_its_owners_and_holds_whom_he_put_there_last()
    {
        var (groups, graph) = await CreateAsync();
        var (family, work) = (new GroupName(Anna, "Família / 家"), new GroupName(Anna, "#work"));
        await groups.SaveAsync(Anna, new(family.Name, [Ben, Ben]), Cancel);
        await groups.SaveAsync(Anna, new(work.Name, [PersonId.Parse("carl")]), Cancel);
        Assert.Equal([work.Name, family.Name], (await groups.ListAsync(Anna, Cancel).ToListAsync(Cancel)).Select(static group => group.Name).Order(StringComparer.Ordinal));
        Assert.Empty(await groups.ListAsync(Ben, Cancel).ToListAsync(Cancel));
        Assert.Equal([family], await graph.GroupsAsync(Ben, [family, work, family with { Owner = Ben }, family with { Name = "family" }], Cancel));
        Assert.Empty(await graph.GroupsAsync(Ben, [], Cancel));
        await groups.SaveAsync(Anna, new(family.Name, [Anna]), Cancel);
        Assert.Empty(await graph.GroupsAsync(Ben, [family], Cancel));
        await groups.SaveAsync(Anna, new(family.Name, []), Cancel);
        Assert.Equal([work.Name], (await groups.ListAsync(Anna, Cancel).ToListAsync(Cancel)).Select(static group => group.Name));
        foreach (var name in (string[])["", "a\u0001", new('x', Audience.MaxGroupName + 1)])
        {
            Assert.Equal(ProblemCodes.InvalidInput, (await Assert.ThrowsAsync<SharingException>(() => groups.SaveAsync(Anna, new(name, [Ben]), Cancel))).Code);
        }
    }
}
