using Sharing.Offline;

namespace Sharing.Tests.Posts;

public sealed class PostIdTests
{
    [Fact]
    public void Ids_lie_in_the_order_in_which_they_were_made_and_are_told_apart_by_chance()
    {
        var at = new DateTimeOffset(2026, 11, 30, 3, 0, 0, TimeSpan.Zero);
        var ids = Enumerable.Range(0, 100).Select(i => PostId.New(at.AddMilliseconds(i)).Value).ToList();
        Assert.Equal(ids.Order(StringComparer.Ordinal), ids);
        Assert.All(ids, static id => Assert.Equal(id, PostId.Parse(id).Value));

        var atOnce = Enumerable.Range(0, 1000).Select(_ => PostId.New(at).Value).ToList();
        Assert.Single(atOnce.Select(static id => id[..12]).Distinct(StringComparer.Ordinal));
        Assert.Equal(1000, atOnce.Select(static id => id[12..]).Distinct(StringComparer.Ordinal).Count());
    }
}
