using HikingClub;
using Sharing.Testing;

namespace Sharing.Tests.ExistingProduct;

/// <summary>A product's own people pass the suite that ours pass.</summary>
[Trait("Row", "R4")]
public sealed class ClubPeopleTests : PeopleSuite
{
    Club _club = null!;

    protected override async Task<IPeople> CreateAsync()
    {
        _club = await Club.StartAsync();
        await _club.Get<ClubDatabase>().WriteAsync("DELETE FROM member");
        return _club.Get<IPeople>();
    }

    protected override Task SaveAsync(Person person) => _club.Get<ClubDatabase>().WriteAsync(
        "INSERT OR REPLACE INTO member (handle, name, password) VALUES ($handle, $name, '')", ("$handle", person.Id.Value), ("$name", person.Name));

    protected override ValueTask CleanUpAsync() => _club.DisposeAsync();
}

/// <summary>A product's own friends pass the suite that ours pass.</summary>
[Trait("Row", "R4")]
public sealed class ClubFriendsTests : RelationshipGraphSuite
{
    Club _club = null!;

    protected override async Task<GraphUnderTest> CreateAsync()
    {
        _club = await Club.StartAsync();
        await _club.Get<ClubDatabase>().WriteAsync("DELETE FROM friendship; DELETE FROM following");
        var members = _club.Get<Members>();
        return new GraphUnderTest
        {
            Graph = _club.Get<IRelationshipGraph>(),
            BefriendAsync = (one, other, friends) => members.BefriendAsync(one.Value, other.Value, friends),
            FollowAsync = (one, other, follows) => members.FollowAsync(one.Value, other.Value, follows),
        };
    }

    protected override ValueTask CleanUpAsync() => _club.DisposeAsync();
}

public sealed class IntoYourProductPage
{
    [Theory]
    [InlineData("ClubSharing.cs")]
    [InlineData("ClubPeople.cs")]
    [InlineData("ClubFriends.cs")]
    public void Shows_exactly_the_code_that_is_compiled(string file)
    {
        var code = File.ReadAllText(Path.Combine(Laws.Repository.Root, "samples/ExistingProduct/Sharing", file)).ReplaceLineEndings("\n").Trim();
        var page = File.ReadAllText(Path.Combine(Laws.Repository.Root, "docs/into-your-product.md")).ReplaceLineEndings("\n");
        Assert.Contains("```csharp\n" + code + "\n```", page, StringComparison.Ordinal);
    }
}
