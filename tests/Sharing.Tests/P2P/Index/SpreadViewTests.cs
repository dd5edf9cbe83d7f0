using Sharing.Core;
using Sharing.P2P;
using Sharing.Trials.Index;

namespace Sharing.Tests.P2P.Index;

/// <summary>What a terminal keeps of others, and for how long.</summary>
[Trait("Row", "D6")]
public sealed class SpreadViewTests : IDisposable
{
    const int Chunks = 16;
    const int Life = 60_000;

    readonly TestShare _share = new(Chunks);
    readonly SpreadView _view = new(Chunks, Life, new Random(1));
    readonly string _ticket;

    public SpreadViewTests() => _ticket = _share.ManifestAsync(TestShare.NameOf(0), DateTimeOffset.MaxValue.AddDays(-2)).GetAwaiter().GetResult().Ticket;

    [Fact]
    public void Who_was_not_heard_of_for_so_long_is_forgotten_and_what_only_he_had_is_believed_nowhere()
    {
        Assert.True(_view.Take(Record(1, "0-3"), age: 0, now: 0));
        Assert.True(_view.Take(Record(2, "0-1"), age: 20_000, now: 30_000)); // it grew older on its way, too
        _view.Expire(Life - 1);
        Assert.Equal((true, true), (Knows(0), Knows(3)));
        _view.Expire(Life);
        Assert.Null(_view.Find(NameOf(1)));
        Assert.Equal((true, false), (Knows(0), Knows(3)));
        _view.Expire(Life + 10_000);
        Assert.Equal((0, false), (_view.Count, Knows(0)));
        Assert.False(_view.Take(Record(1, "0-3"), age: Life, now: Life + 10_000));
        Assert.Equal(0, _view.Count);
    }

    [Fact]
    public void What_is_a_quarter_as_old_is_asked_for_anew()
    {
        _view.Take(Record(1, "0-3"), age: 0, now: 0);
        Assert.Equal([(4, 14)], Lacks((Life / 4) - 1));
        Assert.Equal([(0, 14)], Lacks(Life / 4));
        _view.Take(Record(1, "0-3"), age: 1000, now: Life / 4);
        Assert.Equal([(4, 14)], Lacks(Life / 4));

        List<(int, int)> Lacks(long now) => _view.Lacks(ChunkSet.Parse("15-15")!.Value, whole: false, now);
    }

    [Fact]
    public void Who_vanished_is_tried_again_some_day_but_for_one_that_left_or_lied()
    {
        Assert.Null(_view.Lost());
        _view.Take(Record(1, "0-3"), age: 0, now: 0);
        _view.Take(Record(2, "0-3", gone: true), age: 0, now: 0);
        _view.Take(Record(3, "0-3"), age: 0, now: 0);
        _view.Drop(NameOf(3), forGood: true);
        _view.Drop(NameOf(2));
        Assert.Null(_view.Lost());
        _view.Expire(Life);
        Assert.Equal($"{NameOf(1)}", _view.Lost()?.Device);
        _view.Take(Record(4, "0-3"), age: 0, now: Life);
        _view.Drop(NameOf(4));
        Assert.Equal(new[] { $"{NameOf(1)}", $"{NameOf(4)}" }.ToHashSet(), Enumerable.Range(0, 50).Select(_ => _view.Lost()!.Device).ToHashSet());
    }

    [Fact]
    public void Who_alone_has_something_since_others_vanished_is_named_first()
    {
        for (var member = 1; member <= 20; member++)
        {
            _view.Take(Record(member, member <= 5 ? "0-0" : "1-1"), age: 0, now: 0);
        }

        for (var member = 1; member <= 4; member++)
        {
            _view.Drop(NameOf(member));
        }

        Assert.All(Enumerable.Range(0, 20), _ => Assert.Equal($"{NameOf(5)}", Assert.Single(_view.Sample(1)).Device));
    }

    [Fact]
    public void Those_of_whom_nothing_was_heard_lately_do_not_keep_out_who_has_the_same()
    {
        var view = new SpreadView(100, Life, new Random(1));
        var records = Enumerable.Range(0, SpreadView.Most).Select(member => Record(member, $"{member / 3}-{member / 3}")).ToArray();
        Assert.All(records, record => Assert.True(view.Take(record, age: 0, now: 0)));
        Assert.All(records[3..], record => Assert.False(view.Take(record, age: 0, now: Life / 3))); // no news, but heard of again
        view.Expire(Life / 3);
        Assert.False(view.Take(Record(300, "1-1"), age: 0, now: Life / 3)); // three are enough
        Assert.True(view.Take(Record(301, "0-0"), age: 0, now: Life / 3));
    }

    [Fact]
    public async Task One_that_cannot_be_reached_is_named_no_more_and_asked_again_now_and_then()
    {
        var swarm = Swarm(0, "1-1");
        Assert.NotNull(swarm.Answer(SpreadMessages.Ask(Record(1, "0-0"), [], [], new Random(1)), 0));
        Assert.Single(swarm.Look(10, 0).Members);
        Assert.Contains(1, await AskedAsync(swarm, 0, static _ => null));
        Assert.Empty(swarm.Look(10, 0).Members);
        Assert.False(swarm.Knows(0, static _ => true));
        var asked = new List<int>();
        for (var round = 1; round <= 8; round++)
        {
            asked.AddRange(await AskedAsync(swarm, round * SpreadSwarm.Pause, static _ => null));
        }

        Assert.Contains(1, asked);
    }

    [Fact]
    public async Task Where_one_is_not_there_or_says_nothing_the_next_is_asked_at_once()
    {
        var swarm = Swarm(0, "1-1");
        for (var member = 1; member <= 20; member++)
        {
            swarm.Answer(SpreadMessages.Ask(Record(member, "0-0"), [], [], new Random(1)), 0);
        }

        var now = 10 * SpreadSwarm.Pause;
        Assert.Equal(3, (await AskedAsync(swarm, now, static _ => null)).Distinct().Count());
        Assert.Equal(3, (await AskedAsync(swarm, now += 10 * SpreadSwarm.Pause, static _ => [])).Distinct().Count());
        Assert.Single(await AskedAsync(swarm, now += 10 * SpreadSwarm.Pause, _ => SpreadMessages.Answer([(Record(30, "2-2"), 0)])));
        Assert.True(swarm.Knows(2, static _ => true));
    }

    [Fact]
    public void Who_has_said_enough_answers_with_nothing_but_tells_one_that_knows_nobody_of_one()
    {
        var swarm = Swarm(0, "1-1");
        var known = Enumerable.Range(50, 8).Select(member => Record(member, "0-0")).ToArray();
        var (said, answers) = (0, new List<int>());
        for (var member = 1; member <= 40; member++)
        {
            var answer = swarm.Answer(SpreadMessages.Ask(Record(member, "0-0"), [(1, 15)], known, new Random(1)), 0)!;
            said += answer.Length;
            answers.Add(SpreadMessages.ReadAnswer(answer)!.Count);
        }

        Assert.InRange(answers[0], 1, 5);
        Assert.All(answers[10..], static count => Assert.Equal(0, count));
        Assert.InRange(said, 200, 2048);
        Assert.Single(SpreadMessages.ReadAnswer(swarm.Answer(SpreadMessages.Ask(Record(41, "0-0"), [(1, 15)], [], new Random(1)), 0))!);
        Assert.NotEmpty(swarm.Answer(SpreadMessages.Ask(Record(42, "0-0"), [(1, 15)], known, new Random(1)), SpreadSwarm.Pause)!);
    }

    [Fact]
    public void However_many_that_know_nobody_were_told_others_are_answered_again_within_seconds()
    {
        var swarm = Swarm(0, "1-1");
        for (var member = 1; member <= 200; member++)
        {
            Assert.NotEmpty(swarm.Answer(SpreadMessages.Ask(Record(member, "0-0"), [(1, 15)], [], new Random(1)), 0)!);
        }

        var known = Enumerable.Range(250, 8).Select(member => Record(member, "0-0")).ToArray();
        Assert.NotEmpty(swarm.Answer(SpreadMessages.Ask(Record(300, "0-0"), [(1, 15)], known, new Random(1)), 5 * SpreadSwarm.Pause)!);
    }

    public void Dispose() => _share.Dispose();

    static DeviceName NameOf(int member) => DeviceName.Parse(PeerCertificates.NameOf(KeyOf(member)))!.Value;

    static byte[] KeyOf(int member) => [.. Convert.FromHexString("3059301306072a8648ce3d020106082a8648ce3d03010703420004"), (byte)(member + 1), (byte)((member + 1) >> 8), .. new byte[62]];

    /// <summary>A terminal that has some chunks.</summary>
    SpreadSwarm Swarm(int member, string chunks)
    {
        var swarm = new SpreadSwarm(new(Chunks, Life, KeyOf(member), static _ => new byte[64], static (_, _) => true), new Random(1));
        swarm.Say(Record(member, chunks).Member, ChunkSet.Parse(chunks)!.Value, _ticket, 0);
        return swarm;
    }

    /// <summary>Whom it asks, one after the other.</summary>
    static async Task<List<int>> AskedAsync(SpreadSwarm swarm, long now, Func<int, byte[]?> answers)
    {
        var asked = new List<int>();
        await swarm.ExchangeAsync([], () => now, (partner, _) =>
        {
            asked.Add(Enumerable.Range(0, 100).First(member => $"{NameOf(member)}" == partner.Device));
            return new(answers(asked[^1]));
        });
        return asked;
    }

    bool Knows(int chunk) => _view.KnowsHolder(chunk, static _ => true);

    /// <summary>What a terminal says of itself, with no signature.</summary>
    SpreadRecord Record(int member, string chunks, bool gone = false) => SpreadRecord.Make(
        KeyOf(member), _ticket, new() { Device = $"{NameOf(member)}", Addresses = ["127.0.0.1:7400"], Session = 1 }, ChunkSet.Parse(chunks)!.Value, gone, static _ => new byte[64])!;
}
