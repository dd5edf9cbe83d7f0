using Sharing.Core;
using Sharing.P2P;

namespace Sharing.Tests.P2P.Index;

[Trait("Row", "D3")]
public sealed class ChunkSetTests
{
    [Fact]
    public void A_set_is_the_same_after_it_was_written_as_text_and_as_bytes()
    {
        var random = new Random(1);
        for (var i = 0; i < 500; i++)
        {
            var (runs, next) = (new List<(int, int)>(), random.Next(3));
            for (var count = random.Next(40); count > 0; count--)
            {
                var last = next + random.Next(1 << random.Next(9));
                runs.Add((next, last));
                next = last + 2 + random.Next(1 << random.Next(9));
            }

            var set = ChunkSet.Of(runs);
            Assert.Equal(string.Join(',', runs.Select(static run => $"{run.Item1}-{run.Item2}")), set.ToString());
            Assert.Equal(set.ToString(), ChunkSet.Parse(set.ToString())!.Value.ToString());
            Assert.Equal(set.ToString(), ChunkSet.Read(set.Form.Span)!.Value.ToString());
        }
    }

    [Fact]
    public void Mutated_bytes_are_the_form_of_another_set_or_of_none()
    {
        var random = new Random(2);
        var form = ChunkSet.Parse("0-9,20-20,300-4000")!.Value.Form.ToArray();
        for (var i = 0; i < 100_000; i++)
        {
            var other = form.ToArray();
            other[random.Next(other.Length)] ^= (byte)(1 << random.Next(8));
            if (ChunkSet.Read(other.AsSpan(0, random.Next(other.Length + 1))) is { } read)
            {
                Assert.Equal(read.ToString(), ChunkSet.Parse(read.ToString())!.Value.ToString());
            }
        }
    }

    [Fact]
    public void Only_whole_chunks_are_within_parts_and_the_last_may_be_short()
    {
        Assert.Equal("0-0,2-3", ChunkSet.Within([new(0, 150), new(180, 100), new(280, 70)], 100, 350).ToString());
        Assert.Equal("", ChunkSet.Within([new(10, 150)], 100, 350).ToString());
        Assert.Equal("", ChunkSet.Within([], 100, 350).ToString());
    }
}
