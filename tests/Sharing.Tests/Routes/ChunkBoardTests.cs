using Sharing.Core;
using Sharing.Swarm;

namespace Sharing.Tests.Routes;

/// <summary>How much a source is asked for, and what is taken from one that is late.</summary>
[Trait("Row", "D5")]
public sealed class ChunkBoardTests
{
    const int ChunkSize = 4 * GroupSize;
    const int GroupSize = ContentTree.GroupSize;
    const int Chunks = 16;

    readonly VirtualTime _time = new();
    readonly Here _here = new();
    readonly SourceRoster _roster = new([], mayCome: false, new());
    readonly ChunkBoard _board;

    public ChunkBoardTests() => _board = new(_here, _roster, new CheapestSourceSelector(), ChunkSize, new Random(1), _time);

    [Fact]
    [Trait("Row", "D7")]
    public void Who_has_proven_nothing_is_asked_for_one_group_and_who_has_for_a_chunk()
    {
        var (stranger, known) = (Add(SourceKind.Peer, trusted: false), Add(SourceKind.Peer));
        Assert.Equal(1, GroupsOf(Take(stranger)!));
        Assert.Equal(4, GroupsOf(Take(known)!));
        Assert.Null(Take(stranger));
    }

    [Theory]
    [InlineData(true, 0.2, 2)]
    [InlineData(true, 0.01, 1)] // hides nothing
    [InlineData(false, 0.2, 1)]
    public void A_second_read_is_for_one_that_is_far_for_what_it_brings(bool trusted, double latency, int reads)
    {
        var source = Add(SourceKind.Peer, trusted);
        Feed(source, 1_000_000);
        source.Latency = TimeSpan.FromSeconds(latency);
        Assert.Equal(reads, Enumerable.Range(0, 3).Count(_ => Take(source) is not null));
    }

    [Fact]
    public void One_that_fetches_alone_is_asked_for_half_of_its_share_and_no_more_than_comes_in_a_moment()
    {
        var fast = Add(SourceKind.Server);
        Feed(fast, 32_000_000);
        Assert.Equal(Chunks / 2 * 4, GroupsOf(Take(fast)!));
    }

    /// <summary>A read without an end gets chunk after chunk; each is a choice.</summary>
    [Theory]
    [InlineData(0, true)]
    [InlineData(30_000, true)]
    [InlineData(10_000_000, false)]
    public void One_that_goes_on_reading_gets_the_next_chunk_as_long_as_no_other_brings_it_sooner(int otherRate, bool isExtended)
    {
        var slow = Add(SourceKind.Server);
        var read = Take(slow)!;
        Feed(slow, 100_000);
        if (otherRate > 0)
        {
            Feed(Add(SourceKind.Server), otherRate);
        }

        var end = read.EndGroup;
        Assert.Equal(isExtended, _board.TryExtend(read, end));
        Assert.Equal(isExtended ? end + 4 : end, read.EndGroup);
    }

    [Fact]
    public void What_is_late_is_taken_over_from_its_end_by_who_brings_it_in_half_the_time()
    {
        var (late, other) = (Add(SourceKind.Server), Add(SourceKind.Server));
        Feed(late, 2_200_000);
        Feed(other, 2_200_000);
        var part = Take(late)!;
        Assert.Equal((0, 8), (part.FirstGroup, part.EndGroup)); // what comes in a quarter of a second
        while (Take(other) is { } read)
        {
            Assert.True(read.FirstGroup >= 8);
            Bring(read);
        }

        late.BeginRead(_time.Now);
        Assert.Null(Take(other)); // it would not be here in half the time
        for (var i = 0; i < 10; i++)
        {
            _time.Now += 0.1;
            late.Measure(1, _time.Now);
        }

        var taken = Take(other)!;
        Assert.Equal((4, 8), (taken.FirstGroup, taken.EndGroup));
        Assert.Equal((0, 4), (part.FirstGroup, part.EndGroup)); // nobody brings it twice
    }

    [Fact]
    public void A_server_that_gives_all_of_it_to_others_just_now_is_left_alone_for_a_moment()
    {
        var server = Add(SourceKind.Server);
        var read = Take(server)!;
        _board.Answered(read, [new(0, ChunkSize)], chosen: -1);
        _board.Release(read);
        Assert.Null(Take(server));
        _time.Now += 0.4; // a quarter of a second, half as much again at most
        Assert.NotNull(Take(server));
    }

    static long GroupsOf(Assignment read) => read.EndGroup - read.FirstGroup;

    Assignment? Take(SourceSlot slot) => _board.Take(slot, new());

    void Bring(Assignment read)
    {
        for (var group = read.FirstGroup; group < read.EndGroup; group++)
        {
            _here.Have[group] = true;
        }

        _board.Release(read);
    }

    SourceSlot Add(SourceKind kind, bool trusted = true)
    {
        var slot = new SourceSlot(new SimulatedSource(0, new("source", kind))) { Offer = SourceOffer.Unknown, Trusted = trusted };
        _roster.Slots.Add(slot);
        _board.Add(slot);
        if (kind == SourceKind.Peer)
        {
            _board.Hold(slot, new(0, _here.Length!.Value));
        }

        return slot;
    }

    /// <summary>It brought so many bytes a second.</summary>
    void Feed(SourceSlot slot, long rate)
    {
        slot.BeginRead(_time.Now);
        slot.Measure(rate / 10, _time.Now += 0.1);
        slot.EndRead(_time.Now);
    }

    sealed class Here : IGroupsHere
    {
        public long? Length => Chunks * ChunkSize;

        public bool Proofs => true;

        public Bitfield Have { get; } = new();

        public int Layout => 0;
    }
}
