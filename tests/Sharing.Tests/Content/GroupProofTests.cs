using System.Text.Json.Nodes;
using Sharing.Core;
using Sharing.Tests.Laws;

namespace Sharing.Tests.Content;

/// <summary>Any group is proved alone against the id, and nothing else passes for it.</summary>
public sealed class GroupProofTests
{
    public static TheoryData<int> Golden => [.. Read().Select(content => (int)content["length"]!)];

    [Theory]
    [MemberData(nameof(Golden))]
    public async Task Lists_and_proofs_are_those_of_the_committed_files(int length)
    {
        var golden = Read().Single(content => (int)content["length"]! == length);
        var (reader, bytes) = await ContentOfAsync(length);
        Assert.Equal((string)golden["id"]!, reader.Info.Id.ToString());
        for (var group = 0; group < ContentTree.GroupCount(length); group++)
        {
            var hash = new byte[ContentId.Size];
            Assert.Equal(hash.Length, await reader.ReadUpToAsync(ContentArea.Groups, group * hash.Length, hash, default));
            Assert.Equal((string)golden["groups"]![group]!, Convert.ToHexStringLower(hash));

            var proof = await GroupProof.MakeAsync(reader, group);
            Assert.Equal(string.Concat(golden["proofs"]![group]!.AsArray().Select(one => (string)one!)), Convert.ToHexStringLower(proof));
            Assert.Equal(proof.Length, GroupProof.GetLength(length, group));
            Assert.True(GroupProof.Verify(reader.Info, group, Slice(bytes, group), proof));
        }
    }

    [Theory]
    [MemberData(nameof(Golden))]
    public async Task What_is_wrong_in_one_place_is_refused(int length)
    {
        var (reader, bytes) = await ContentOfAsync(length);
        var (info, count) = (reader.Info, ContentTree.GroupCount(length));
        var random = new Random(length);
        for (var group = 0; group < count; group++)
        {
            var good = await GroupProof.MakeAsync(reader, group);
            void Refused(ContentInfo content, long number, ReadOnlySpan<byte> data, ReadOnlySpan<byte> proof) =>
                Assert.False(GroupProof.Verify(content, number, data, proof), $"group {group} of {length}: as {number} of {content}");

            var data = Slice(bytes, group).ToArray();
            for (var i = 0; i < 50 && data.Length > 0; i++)
            {
                var at = random.Next(data.Length);
                data[at] ^= (byte)(1 << random.Next(8));
                Refused(info, group, data, good);
                data = Slice(bytes, group).ToArray();
            }

            for (var at = 0; at < good.Length; at++)
            {
                var wrong = good.ToArray();
                wrong[at] ^= (byte)(1 << random.Next(8));
                Refused(info, group, data, wrong);
            }

            for (var cut = 0; cut < good.Length; cut++)
            {
                Refused(info, group, data, good.AsSpan(0, cut));
            }

            Refused(info, group, data, [.. good, .. new byte[ContentId.Size]]);
            Refused(info, group, data, [.. good, 0]);
            for (var a = 0; a < good.Length; a += ContentId.Size)
            {
                for (var b = 0; b < a; b += ContentId.Size)
                {
                    var wrong = good.ToArray();
                    good.AsSpan(a, ContentId.Size).CopyTo(wrong.AsSpan(b));
                    good.AsSpan(b, ContentId.Size).CopyTo(wrong.AsSpan(a));
                    Refused(info, group, data, wrong);
                }
            }

            Refused(info, group, [.. data, 0], good);
            Refused(info, -1, data, good);
            Refused(info, count, data, good);
            Refused(info, long.MaxValue, data, good);
            Refused(new(new ContentId([.. Enumerable.Repeat((byte)1, 32)]), length), group, data, good);
            Refused(new(info.Id, -1), group, data, good);
            if (data.Length > 0)
            {
                Refused(info, group, data.AsSpan(1), good);
                Refused(info, group, data.AsSpan(0, data.Length - 1), good);
            }

            for (var other = 0; other < count; other++)
            {
                if (other != group)
                {
                    Refused(info, other, data, good); // in another place
                    Refused(info, group, Slice(bytes, other), good);
                    var others = await GroupProof.MakeAsync(reader, other);
                    Refused(info, other, data, others);
                }
            }

            if (group == count - 1)
            {
                foreach (var wrong in new[] { -65536, -1, 1, 100, 65536 }.Select(more => length + more).Where(wrong => wrong >= 0))
                {
                    Refused(new(info.Id, wrong), group, data, good); // the last group shows the length
                }
            }
        }
    }

    [Fact]
    public async Task A_proof_is_made_of_a_list_that_is_read_piece_by_piece()
    {
        const int Groups = 5_000;
        const int Group = 2_345;
        var (hashes, bytes, random) = (new byte[Groups * ContentId.Size], new byte[ContentTree.GroupSize], new Random(1));
        random.NextBytes(hashes);
        random.NextBytes(bytes);
        ContentTree.HashGroup(bytes, Group, hashes.AsSpan(Group * ContentId.Size, ContentId.Size));
        var tree = new ContentTreeBuilder();
        GroupHashes.Add(tree, hashes);
        var reader = new ListReader(new(GroupHashes.Fold(tree), (long)Groups * ContentTree.GroupSize), hashes);

        var proof = await GroupProof.MakeAsync(reader, Group);
        Assert.Equal(13 * ContentId.Size, proof.Length);
        Assert.True(GroupProof.Verify(reader.Info, Group, bytes, proof));
        await Assert.ThrowsAsync<EndOfStreamException>(async () => await GroupProof.MakeAsync(new ListReader(reader.Info, hashes[..^1]), Group));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await GroupProof.MakeAsync(reader, Groups));
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(65536, 0, 0)]
    [InlineData(65537, 1, 1)]
    [InlineData(long.MaxValue, 0, 47)]
    [InlineData(long.MaxValue, (1L << 47) - 1, 47)]
    [InlineData((1L << 46 << 16) + 1, 1L << 46, 1)]
    public void A_proof_has_32_bytes_for_each_level(long length, long group, int levels) => Assert.Equal(levels * 32, GroupProof.GetLength(length, group));

    [Fact]
    public void Checking_allocates_nothing()
    {
        var bytes = new byte[ContentTree.GroupSize];
        var proof = new byte[GroupProof.GetLength(long.MaxValue, 7)];
        var info = new ContentInfo(new ContentId([.. Enumerable.Repeat((byte)1, 32)]), long.MaxValue);
        GroupProof.Verify(info, 7, bytes, proof);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            GroupProof.Verify(info, 7, bytes, proof);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    static JsonNode[] Read() => [.. JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "tests", "data", "content-proofs.json")))!.AsArray().Select(content => content!)];

    static ReadOnlySpan<byte> Slice(byte[] bytes, long group) =>
        bytes.AsSpan((int)(group * ContentTree.GroupSize), ContentTree.GroupLength(bytes.Length, group));

    static async Task<(IContentReader Reader, byte[] Bytes)> ContentOfAsync(int length)
    {
        var bytes = Enumerable.Range(0, length).Select(i => (byte)(i % 251)).ToArray();
        var store = new MemoryContentStore();
        var info = await store.PutAsync(new MemoryStream(bytes));
        return ((await store.OpenAsync(info.Id))!, bytes);
    }

    sealed class ListReader(ContentInfo info, byte[] hashes) : IContentReader
    {
        public ContentInfo Info => info;

        public ValueTask<int> ReadAsync(ContentArea area, long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var rest = hashes.AsMemory((int)Math.Min(offset, hashes.Length));
            rest = rest[..Math.Min(rest.Length, buffer.Length)];
            rest.CopyTo(buffer);
            return new(rest.Length);
        }

        public ValueTask DisposeAsync() => default;
    }
}
