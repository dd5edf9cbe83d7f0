using System.Security.Cryptography;
using Sharing.Photos;

namespace Sharing.Tests.Photos;

public sealed class HashPrefixesTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(17)]
    [InlineData(1000)]
    [InlineData(HashPrefixes.Most)]
    public void A_set_comes_back_and_takes_some_six_bytes_each(int count)
    {
        var random = new Random(count);
        var prefixes = new SortedSet<ulong>();
        while (prefixes.Count < count)
        {
            prefixes.Add((ulong)random.NextInt64(long.MinValue, long.MaxValue));
        }

        var written = HashPrefixes.Encode([.. prefixes]);
        Assert.Equal(prefixes, HashPrefixes.Decode(written));
        Assert.True(count < 1000 || written.Length < count * 7, $"{written.Length} bytes for {count}");
    }

    [Fact]
    public void The_ends_and_neighbours_come_back()
    {
        foreach (var set in (ulong[][])[[0], [ulong.MaxValue], [0, ulong.MaxValue], [0, 1, 2, 3], [ulong.MaxValue - 1, ulong.MaxValue]])
        {
            Assert.Equal(set, HashPrefixes.Decode(HashPrefixes.Encode(set)));
        }

        Assert.Throws<ArgumentException>(() => HashPrefixes.Encode([2, 1]));
        Assert.Throws<ArgumentException>(() => HashPrefixes.Encode([1, 1]));
        Assert.Throws<ArgumentException>(() => HashPrefixes.Encode([ulong.MaxValue, 0]));
    }

    /// <summary>A count of one, and a gap of twice 2^63: more than 64 bits.</summary>
    [Fact]
    public void A_gap_beyond_64_bits_is_refused() =>
        Assert.Throws<FormatException>(static () => HashPrefixes.Decode([0, 0, 0, 1, 0b1100_0000, 0, 0, 0, 0, 0, 0, 0, 0]));

    [Fact]
    public void What_is_no_set_is_refused_whatever_it_is()
    {
        var random = new Random(3);
        var good = HashPrefixes.Encode([5, 1UL << 40, 1UL << 60]);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = i % 2 == 0 ? [.. good] : RandomNumberGenerator.GetBytes(random.Next(0, 40));
            for (var changes = random.Next(1, 4); changes > 0 && bytes.Length > 0; changes--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            try
            {
                var read = HashPrefixes.Decode(bytes.AsSpan(0, random.Next(bytes.Length + 1)));
                Assert.Equal(read.Order().Distinct(), read);
            }
            catch (FormatException)
            {
                // as it should
            }
        }
    }
}
