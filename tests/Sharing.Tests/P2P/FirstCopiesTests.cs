using Sharing.Core;
using Sharing.P2P;
using Sharing.Swarm;

namespace Sharing.Tests.P2P;

public sealed class FirstCopiesTests
{
    static readonly ContentId Content = ContentId.Parse(new string('1', 64));
    static readonly ByteRun[] Parts = [.. Enumerable.Range(0, 20).Select(static part => new ByteRun(part * 1024, 1024))];

    readonly VirtualTime _time = new();
    readonly FirstCopies _copies;

    public FirstCopiesTests() => _copies = new(_time);

    [Fact]
    [Trait("Row", "D5")]
    public void Each_gets_another_part_and_few_at_once()
    {
        var given = Enumerable.Range(0, FirstCopies.MostAtOnce).Select(_ => _copies.Choose(Content, Parts)!).ToArray();
        Assert.Equal(Enumerable.Range(0, FirstCopies.MostAtOnce), given.Select(copy => copy.Part));
        Assert.Null(_copies.Choose(Content, Parts));
        given[0].Sent();
        given[0].Dispose();
        given[0].Dispose(); // counts once
        Assert.Equal(FirstCopies.MostAtOnce, _copies.Choose(Content, Parts)?.Part);
        Assert.Null(_copies.Choose(Content, Parts));
    }

    [Fact]
    public void What_is_on_its_way_is_not_given_again_before_it_has_come_and_settled()
    {
        using var first = _copies.Choose(Content, Parts[..1]);
        _time.Now = 60; // on a slow link
        Assert.Null(_copies.Choose(Content, Parts[..1]));
        first!.Sent();
        first.Dispose();
        _time.Now = 62;
        Assert.Null(_copies.Choose(Content, Parts[..1]));
        _time.Now = 64;
        Assert.Equal(0, _copies.Choose(Content, Parts[..1])?.Part);
    }

    [Fact]
    public void What_was_not_sent_to_its_end_is_given_to_the_next_who_asks()
    {
        _copies.Choose(Content, Parts[..1])!.Dispose();
        Assert.NotNull(_copies.Choose(Content, Parts[..1]));
    }

    [Fact]
    public void The_rest_of_a_chunk_is_the_chunk_and_a_group_of_it_is_not()
    {
        using var group = _copies.Choose(Content, [new(0, 16)])!;
        using var rest = _copies.Choose(Content, [new(16, 1008)])!;
        group.Sent();
        Assert.Null(_copies.Choose(Content, Parts[..1]));
        rest.Dispose(); // it breaks off
        Assert.NotNull(_copies.Choose(Content, Parts[..1]));
    }

    [Fact]
    public void No_more_are_given_at_once_where_they_keep_the_uplink_busy_together()
    {
        var (copies, next) = (new List<(FirstCopy Copy, int Left)>(), 0);
        while (_time.Now < 60)
        {
            while (_copies.Choose(Content, [new(next * 4096, 4096)]) is { } copy)
            {
                copies.Add((copy, 4096));
                next++;
            }

            Assert.InRange(copies.Count, FirstCopies.MostAtOnce, FirstCopies.MostAtOnce + (_time.Now < 5 ? 2 : 1)); // what the uplink can do is found out first
            _time.Now += 0.05;
            for (var i = copies.Count - 1; i >= 0; i--)
            {
                var (copy, left) = copies[i];
                copy.Count(256 / copies.Count);
                copies[i] = (copy, left - (256 / copies.Count));
                if (copies[i].Left <= 0)
                {
                    copy.Sent();
                    copy.Dispose();
                    copies.RemoveAt(i);
                }
            }
        }

        Assert.True(next > 50);
    }

    [Fact]
    public void More_are_given_at_once_where_those_who_get_them_take_slowly()
    {
        var copies = new List<FirstCopy>();
        for (; _time.Now < 60; _time.Now += 0.25)
        {
            while (_copies.Choose(Content, [new(copies.Count * 4096, 4096)]) is { } copy)
            {
                copies.Add(copy);
            }

            copies[0].Count(_time.Now < 2 ? 1024 : 16); // what the uplink can do is known; then all are slow
        }

        Assert.True(copies.Count > 3 * FirstCopies.MostAtOnce);
    }

    [Fact]
    public void Lists_of_group_hashes_go_to_few_at_once()
    {
        var lists = Enumerable.Range(0, FirstCopies.MostLists).Select(_ => _copies.TakeList()!).ToArray();
        Assert.Null(_copies.TakeList());
        lists[3].Dispose();
        Assert.NotNull(_copies.TakeList());
    }
}
