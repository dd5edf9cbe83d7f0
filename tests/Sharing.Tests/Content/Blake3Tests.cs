using Sharing.Core;
using System.Text.Json;

namespace Sharing.Tests.Content;

/// <summary>Some of these tests switch the kernel for the whole process, so they run when nothing else does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Blake3KernelCollection
{
    public const string Name = "BLAKE3 kernels";
}

[Collection(Blake3KernelCollection.Name)]
public sealed class Blake3Tests : IDisposable
{
    static readonly byte[] Input = Pattern(1_500_000);
    static readonly int[] Boundaries = [0, 64, 128, 1024, 2048, 3072, 8192, 16384, 32768, 65536, 131072, 262144, 524288];

    // Every number of chunks that a batch can leave over, and any lengths; each one somewhere else in memory.
    static readonly Lazy<List<(int Start, int Length, string Root)>> ReferenceRoots = new(() =>
    {
        var random = new Random(3);
        return
        [
            .. Enumerable.Range(0, 70).Select(chunks => chunks * 1024)
                .Concat(Enumerable.Range(0, 150).Select(_ => random.Next(0, 200_001)))
                .Select((length, start) => (start, length, Blake3Reference.Root(Input.AsSpan(start, length)))),
        ];
    });

    readonly Blake3Kernel best = Blake3Kernels.Kernel;

    public static TheoryData<string> Kernels { get; } = new(Enum.GetNames<Blake3Kernel>());

    public void Dispose() => Blake3Kernels.Kernel = best;

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Official_vectors_are_met_at_once(string kernel)
    {
        Use(kernel);
        foreach (var (length, hash) in OfficialVectors())
        {
            Assert.Equal(hash, Hash(Input.AsSpan(0, length)));
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Official_vectors_are_met_piece_by_piece(string kernel)
    {
        Use(kernel);
        var random = new Random(1);
        var hasher = new Blake3Hasher();
        foreach (var (length, hash) in OfficialVectors())
        {
            foreach (var largest in new[] { 1, 63, 64, 65, 1023, 1024, 1025, 5000, 70_000, int.MaxValue })
            {
                hasher.Reset();
                AppendPieces(hasher, Input.AsSpan(0, length), random, largest);
                Assert.Equal(hash, Finish(hasher));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Any_split_gives_the_hash_of_the_whole(string kernel)
    {
        Use(kernel);
        var random = new Random(2);
        var hasher = new Blake3Hasher();
        foreach (var boundary in Boundaries)
        {
            foreach (var off in new[] { -65, -64, -1, 0, 1, 2, 64, 1000, 1024, 1025 })
            {
                var length = Math.Max(0, boundary + off);
                var whole = Hash(Input.AsSpan(0, length));
                for (var round = 0; round < 2; round++)
                {
                    hasher.Reset();
                    AppendPieces(hasher, Input.AsSpan(0, length), random, 1 << random.Next(0, 20));
                    Assert.Equal(whole, Finish(hasher));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Every_kernel_agrees_with_the_slow_reference_wherever_the_bytes_lie(string kernel)
    {
        Use(kernel);
        foreach (var (start, length, root) in ReferenceRoots.Value)
        {
            Assert.Equal(root, Hash(Input.AsSpan(start, length)));
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Group_values_are_those_of_the_slow_reference(string kernel)
    {
        Use(kernel);
        var value = new byte[32];
        foreach (var length in new[] { 1, 63, 64, 65, 1023, 1024, 1025, 2049, 16384, 17000, 49153, 65535, 65536 })
        {
            foreach (var index in new[] { 0, 1, 2, 67_108_863, 67_108_864, long.MaxValue / 65536 })
            {
                ContentTree.HashGroup(Input.AsSpan(0, length), index, value);
                Assert.Equal(Blake3Reference.Subtree(Input.AsSpan(0, length), (ulong)index * 64, 0), Hex(value));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Folding_the_groups_gives_the_hash_of_the_content(string kernel)
    {
        Use(kernel);
        var builder = new ContentTreeBuilder();
        var value = new byte[32];
        for (var groups = 0; groups <= 21; groups++)
        {
            foreach (var off in new[] { -1, 0, 1, 40_000 })
            {
                var content = Input.AsSpan(0, Math.Max(0, (groups * ContentTree.GroupSize) + off));
                var count = ContentTree.GroupCount(content.Length);
                builder.Reset();
                for (var index = 0L; index < count; index++)
                {
                    var group = content.Slice((int)(index * ContentTree.GroupSize), ContentTree.GroupLength(content.Length, index));
                    if (count == 1)
                    {
                        ContentTree.HashOnlyGroup(group, value);
                    }
                    else
                    {
                        ContentTree.HashGroup(group, index, value);
                    }
                    builder.Add(value);
                    Assert.Equal(index + 1, builder.Count);
                    builder.Finish(value);
                }
                Assert.Equal(Hash(content), Hex(value));
                builder.Finish(value);
                Assert.Equal(Hash(content), Hex(value));
            }
        }
    }

    [Fact]
    public void The_slow_reference_meets_the_published_group_vectors()
    {
        Assert.Equal("5384f9b342c6cb86badedcbe662b0e980476a8db17db3cc1f13b19329749ab1f", Blake3Reference.Subtree(Input.AsSpan(0, 16384), 0, 0));
        Assert.Equal("f875d6646de28985646f34ee13be9a576fd515f76b5b0a26bb324735041ddde4", Blake3Reference.Root(Input.AsSpan(0, 16384)));
        Assert.Equal("9cd9e41eb489da7bc9733fb6ca5b2de276a75ee2627ef7f17f8f18a7cc0dec97", Blake3Reference.Subtree(Input.AsSpan(0, 16384), 16, 0));
        Assert.Equal("52f7c1ecf2bb18ae4c6c16d956863e29d4264fb5f4731169eec63a8c39775ff3", Blake3Reference.Subtree(Input.AsSpan(49152, 1), 48, 0));
        Assert.Equal("88da791e722ac59740d9a44402e384ad99f1c79d4bab7449a0c2da1fafb91fb7", Blake3Reference.Subtree(Input.AsSpan(0, 65536), 0, 0));
        Assert.Equal("41051b85efd33b8dbb1238447c3a385c5cdc0d8ff092fa1feb5441078786ccba", Blake3Reference.Subtree(Input.AsSpan(65536, 1), 64, 0));
        Assert.Equal("7c99f9840a73dfcb6e5bfe4ff6d1558acab7e015640790c26411818bdbe17eca", Blake3Reference.Root(Input.AsSpan(0, 65537)));
        Assert.Equal("8a576541118ebf5fad8d683c09b63402288a71616ecc72514abf780822136023", Blake3Reference.Subtree(Input.AsSpan(0, 1 << 20), 0, 0));
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Published_group_vectors_are_met(string kernel)
    {
        Use(kernel);
        Assert.Equal("5384f9b342c6cb86badedcbe662b0e980476a8db17db3cc1f13b19329749ab1f", Group(Input.AsSpan(0, 16384), 0));
        Assert.Equal("88da791e722ac59740d9a44402e384ad99f1c79d4bab7449a0c2da1fafb91fb7", Group(Input.AsSpan(0, 65536), 0));
        Assert.Equal("41051b85efd33b8dbb1238447c3a385c5cdc0d8ff092fa1feb5441078786ccba", Group(Input.AsSpan(65536, 1), 1));
        Assert.Equal("7c99f9840a73dfcb6e5bfe4ff6d1558acab7e015640790c26411818bdbe17eca", Hash(Input.AsSpan(0, 65537)));
        Assert.Equal("3944d1f68ff5cb3539ee48991dcdfefec6bf9afa13d0b71396d3fd8eaa0365bf", Hash(Pattern(2_109_497)));
        Assert.Equal("af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262", Hash([]));
        var root = new byte[32];
        ContentTree.HashOnlyGroup(Input.AsSpan(0, 16384), root);
        Assert.Equal("f875d6646de28985646f34ee13be9a576fd515f76b5b0a26bb324735041ddde4", Hex(root));
    }

    [Theory]
    [InlineData(0, 1, 0)]
    [InlineData(1, 1, 1)]
    [InlineData(65535, 1, 65535)]
    [InlineData(65536, 1, 65536)]
    [InlineData(65537, 2, 1)]
    [InlineData(131072, 2, 65536)]
    [InlineData(long.MaxValue, 140_737_488_355_328, 65535)]
    public void A_content_is_cut_into_groups_of_64_KiB_and_a_rest(long length, long count, int last)
    {
        Assert.Equal(count, ContentTree.GroupCount(length));
        Assert.Equal(last, ContentTree.GroupLength(length, count - 1));
        Assert.Equal(count == 1 ? last : ContentTree.GroupSize, ContentTree.GroupLength(length, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => ContentTree.GroupLength(length, count));
        Assert.Throws<ArgumentOutOfRangeException>(() => ContentTree.GroupLength(length, -1));
    }

    [Fact]
    public void Finishing_does_not_disturb_what_follows()
    {
        var hasher = new Blake3Hasher();
        var random = new Random(4);
        for (var length = 0; length < 600_000;)
        {
            Assert.Equal(Hash(Input.AsSpan(0, length)), Finish(hasher));
            Assert.Equal(Finish(hasher), Finish(hasher));
            var piece = random.Next(4) == 0 ? 1024 << random.Next(0, 7) : random.Next(0, 5000);
            hasher.Append(Input.AsSpan(length, piece));
            length += piece;
        }
        hasher.Reset();
        Assert.Equal(Hash([]), Finish(hasher));
    }

    [Fact]
    public void Hashing_allocates_nothing()
    {
        var hasher = new Blake3Hasher();
        var builder = new ContentTreeBuilder();
        var value = new byte[32];
        Work();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Work();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Work()
        {
            Blake3.Hash(Input, value);
            hasher.Append(Input);
            hasher.Append(Input.AsSpan(0, 100));
            hasher.Finish(value);
            ContentTree.HashGroup(Input.AsSpan(0, 65536), 3, value);
            builder.Add(value);
            builder.Add(value);
            builder.Finish(value);
        }
    }

    [Fact]
    public void The_destination_may_lie_in_the_input()
    {
        foreach (var length in new[] { 32, 64, 1024, 1025, 65536, 300_000, 1_000_000 })
        {
            var bytes = Input.AsSpan(0, length).ToArray();
            Blake3.Hash(bytes, bytes.AsSpan(0, 32));
            Assert.Equal(Hash(Input.AsSpan(0, length)), Hex(bytes.AsSpan(0, 32)));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    [InlineData(64)]
    public void Only_32_bytes_are_a_hash(int size)
    {
        var wrong = new byte[size];
        var builder = new ContentTreeBuilder();
        Assert.Throws<ArgumentException>(() => builder.Add(wrong));
        builder.Add(new byte[32]);
        Assert.Throws<ArgumentException>(() => Blake3.Hash([1], wrong));
        Assert.Throws<ArgumentException>(() => new Blake3Hasher().Finish(wrong));
        Assert.Throws<ArgumentException>(() => ContentTree.HashGroup([1], 0, wrong));
        Assert.Throws<ArgumentException>(() => ContentTree.HashOnlyGroup([1], wrong));
        Assert.Throws<ArgumentException>(() => builder.Finish(wrong));
    }

    [Fact]
    public void Wrong_groups_are_refused()
    {
        var value = new byte[32];
        Assert.Throws<ArgumentException>(() => ContentTree.HashGroup([], 0, value));
        Assert.Throws<ArgumentException>(() => ContentTree.HashGroup(new byte[65537], 0, value));
        Assert.Throws<ArgumentException>(() => ContentTree.HashOnlyGroup(new byte[65537], value));
        Assert.Throws<ArgumentOutOfRangeException>(() => ContentTree.HashGroup([1], -1, value));
        Assert.Throws<ArgumentOutOfRangeException>(() => ContentTree.GroupCount(-1));
        Assert.Throws<InvalidOperationException>(() => new ContentTreeBuilder().Finish(value));
    }

    static void Use(string name)
    {
        var kernel = Enum.Parse<Blake3Kernel>(name);
        Assert.SkipUnless(Blake3Kernels.IsSupported(kernel), $"This machine cannot run {kernel}.");
        Blake3Kernels.Kernel = kernel;
    }

    static void AppendPieces(Blake3Hasher hasher, ReadOnlySpan<byte> bytes, Random random, int largest)
    {
        while (!bytes.IsEmpty)
        {
            var piece = largest == int.MaxValue ? bytes.Length : Math.Min(bytes.Length, random.Next(0, largest + 1));
            hasher.Append(bytes[..piece]);
            bytes = bytes[piece..];
        }
    }

    static string Hash(ReadOnlySpan<byte> bytes)
    {
        var hash = new byte[Blake3.HashSize];
        Blake3.Hash(bytes, hash);
        return Hex(hash);
    }

    static string Group(ReadOnlySpan<byte> bytes, long index)
    {
        var value = new byte[32];
        ContentTree.HashGroup(bytes, index, value);
        return Hex(value);
    }

    static string Finish(Blake3Hasher hasher)
    {
        var hash = new byte[Blake3.HashSize];
        hasher.Finish(hash);
        return Hex(hash);
    }

    static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);

    static byte[] Pattern(int length)
    {
        var bytes = new byte[length];
        for (var i = 0; i < length; i++)
        {
            bytes[i] = (byte)(i % 251);
        }
        return bytes;
    }

    static List<(int Length, string Hash)> OfficialVectors()
    {
        var file = Path.Combine("tests", "data", "blake3-test-vectors.json");
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, file)))
        {
            folder = folder.Parent;
        }
        Assert.NotNull(folder);
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder.FullName, file)));
        var vectors = document.RootElement.GetProperty("cases").EnumerateArray()
            .Select(one => (one.GetProperty("input_len").GetInt32(), one.GetProperty("hash").GetString()![..64])).ToList();
        Assert.Equal(35, vectors.Count);
        return vectors;
    }
}
