using System.Globalization;
using Xunit;

namespace Sharing.Testing;

/// <summary>What every <see cref="IRelationshipGraph"/> must do. Derive it, return an empty graph, and run your tests.</summary>
public abstract class RelationshipGraphSuite : IAsyncLifetime
{
    static readonly PersonId Anna = PersonId.Parse("anna"), Ben = PersonId.Parse("ben"), Carl = PersonId.Parse("carl");

    const RelationshipKinds Any = RelationshipKinds.Friend | RelationshipKinds.Follows | RelationshipKinds.FollowedBy;

    /// <summary>The graph under test.</summary>
    protected GraphUnderTest Subject { get; private set; } = null!;

    /// <summary>Ends with the test run.</summary>
    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Makes an empty graph.</summary>
    protected abstract Task<GraphUnderTest> CreateAsync();

    /// <summary>Clears away what <see cref="CreateAsync"/> made.</summary>
    protected virtual ValueTask CleanUpAsync() => default;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        Subject = await CreateAsync();
        Assert.NotNull(Subject);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await CleanUpAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Asks both questions about two people, and that they agree.</summary>
    async Task AssertAsync(PersonId person, PersonId other, RelationshipKinds kinds)
    {
        Assert.Equal(kinds, (await Subject.Graph.BetweenAsync(person, [other], Cancel)).GetValueOrDefault(other));
        Assert.Equal(kinds, (await Subject.Graph.RelatedAsync(person, Any, Cancel)).GetValueOrDefault(other));
    }

#pragma warning disable CS1591 // the names of the tests say it
    [Fact]
    public async Task Strangers_are_not_related()
    {
        await Subject.BefriendAsync(Anna, Carl, true);
        await AssertAsync(Anna, Ben, RelationshipKinds.None);
        await AssertAsync(Ben, Anna, RelationshipKinds.None);
        await AssertAsync(Anna, Carl, RelationshipKinds.Friend);
    }

    [Fact]
    public async Task A_friendship_is_the_same_from_both_sides_until_it_ends()
    {
        await Subject.BefriendAsync(Anna, Ben, true);
        await AssertAsync(Anna, Ben, RelationshipKinds.Friend);
        await AssertAsync(Ben, Anna, RelationshipKinds.Friend);
        await Subject.BefriendAsync(Anna, Ben, false);
        await AssertAsync(Anna, Ben, RelationshipKinds.None);
        await AssertAsync(Ben, Anna, RelationshipKinds.None);
    }

    [Fact]
    public async Task Following_has_a_direction_until_it_ends()
    {
        await Subject.FollowAsync(Anna, Ben, true);
        await AssertAsync(Anna, Ben, RelationshipKinds.Follows);
        await AssertAsync(Ben, Anna, RelationshipKinds.FollowedBy);
        await Subject.FollowAsync(Anna, Ben, false);
        await AssertAsync(Anna, Ben, RelationshipKinds.None);
        await AssertAsync(Ben, Anna, RelationshipKinds.None);
    }

    [Fact]
    public async Task Whoever_is_related_in_several_ways_is_named_with_all_of_them()
    {
        await Subject.BefriendAsync(Anna, Ben, true);
        await Subject.FollowAsync(Anna, Ben, true);
        await Subject.FollowAsync(Ben, Anna, true);
        await AssertAsync(Anna, Ben, Any);
        Assert.Equal(Any, Assert.Single(await Subject.Graph.RelatedAsync(Anna, RelationshipKinds.Follows, Cancel)).Value);
        await Subject.BefriendAsync(Anna, Ben, false);
        await AssertAsync(Anna, Ben, RelationshipKinds.Follows | RelationshipKinds.FollowedBy);
    }

    [Fact]
    public async Task Related_names_only_those_who_are_related_in_one_of_the_ways_asked_for()
    {
        var dora = PersonId.Parse("dora");
        await Subject.BefriendAsync(Anna, Ben, true);
        await Subject.FollowAsync(Anna, Carl, true);
        await Subject.FollowAsync(dora, Anna, true);
        Task<IReadOnlyDictionary<PersonId, RelationshipKinds>> RelatedAsync(RelationshipKinds kinds) => Subject.Graph.RelatedAsync(Anna, kinds, Cancel).AsTask();
        Assert.Equal([Ben], (await RelatedAsync(RelationshipKinds.Friend)).Keys);
        Assert.Equal([Carl], (await RelatedAsync(RelationshipKinds.Follows)).Keys);
        Assert.Equal([dora], (await RelatedAsync(RelationshipKinds.FollowedBy)).Keys);
        Assert.Equal(new HashSet<PersonId> { Ben, Carl }, [.. (await RelatedAsync(RelationshipKinds.Friend | RelationshipKinds.Follows)).Keys]);
        Assert.Equal(3, (await RelatedAsync(Any)).Count);
    }

    [Fact]
    public async Task Any_number_of_people_is_one_question()
    {
        var many = Enumerable.Range(0, 1500).Select(i => PersonId.Parse(string.Create(CultureInfo.InvariantCulture, $"p{i}"))).ToList();
        await Subject.BefriendAsync(Anna, many[7], true);
        await Subject.FollowAsync(Anna, many[1400], true);
        var between = await Subject.Graph.BetweenAsync(Anna, [.. many, .. many.Take(10)], Cancel);
        Assert.Equal(RelationshipKinds.Friend, between.GetValueOrDefault(many[7]));
        Assert.Equal(RelationshipKinds.Follows, between.GetValueOrDefault(many[1400]));
        Assert.Equal(2, between.Count(one => one.Value != RelationshipKinds.None));
    }

    [Fact]
    public async Task Nobody_asked_about_is_nobody_answered_and_nobody_is_related_to_himself()
    {
        await Subject.BefriendAsync(Anna, Ben, true);
        Assert.Empty(await Subject.Graph.BetweenAsync(Anna, [], Cancel));
        var self = await Subject.Graph.BetweenAsync(Anna, [Anna, Ben], Cancel);
        Assert.Equal(RelationshipKinds.None, self.GetValueOrDefault(Anna));
        Assert.Equal(RelationshipKinds.Friend, self.GetValueOrDefault(Ben));
    }

    [Fact]
    public async Task Ids_are_any_text_told_apart_by_every_character()
    {
        var long1 = PersonId.Parse(new string('愛', 66));
        var ids = new[] { "x", "X", "x/y", "x%2Fy", "x y", "#x", "\u00e9", "e\u0301", "👨‍👩‍👧", new string('愛', 65) + "恋" }
            .Select(id => PersonId.Parse(id)).ToList();
        for (var i = 0; i < ids.Count; i++)
        {
            await Subject.BefriendAsync(long1, ids[i], true);
            await Subject.FollowAsync(ids[i], long1, true);
            Assert.Equal(i + 1, (await Subject.Graph.RelatedAsync(long1, Any, Cancel)).Count);
            await AssertAsync(ids[i], long1, RelationshipKinds.Friend | RelationshipKinds.Follows);
        }

        Assert.All(await Subject.Graph.BetweenAsync(long1, ids, Cancel), one => Assert.Equal(RelationshipKinds.Friend | RelationshipKinds.FollowedBy, one.Value));
        await Subject.BefriendAsync(long1, ids[0], false);
        Assert.Equal(RelationshipKinds.Friend | RelationshipKinds.FollowedBy, (await Subject.Graph.BetweenAsync(long1, ids, Cancel))[ids[1]]);
    }
}
