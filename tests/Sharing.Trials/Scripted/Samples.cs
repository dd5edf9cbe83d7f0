using Sharing.Core;

namespace Sharing.Trials.Scripted;

/// <summary>Contents and what is known of them.</summary>
static class Samples
{
    public const int Group = ContentTree.GroupSize;

    public static byte[] Random(int seed, int length)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>The same bytes but for some groups.</summary>
    public static byte[] Changed(byte[] bytes, params int[] groups)
    {
        var changed = bytes.ToArray();
        foreach (var group in groups)
        {
            changed[Math.Min(group * Group, changed.Length - 1)] ^= 0x5a;
        }

        return changed;
    }

    public static ContentId IdOf(byte[] bytes)
    {
        var hash = new byte[ContentId.Size];
        Blake3.Hash(bytes, hash);
        return new ContentId(hash);
    }

    public static byte[] GroupsOf(byte[] bytes)
    {
        var list = new byte[ContentTree.GroupCount(bytes.Length) * ContentId.Size];
        if (bytes.Length <= Group)
        {
            ContentTree.HashOnlyGroup(bytes, list);
            return list;
        }

        for (var group = 0; group * ContentId.Size < list.Length; group++)
        {
            ContentTree.HashGroup(GroupOf(bytes, group), group, list.AsSpan(group * ContentId.Size, ContentId.Size));
        }

        return list;
    }

    public static ReadOnlySpan<byte> GroupOf(byte[] bytes, long group)
    {
        var start = (int)Math.Min(bytes.Length, group * Group);
        return bytes.AsSpan(start, Math.Min(Group, bytes.Length - start));
    }

    /// <summary>The bytes of a stored content.</summary>
    public static async Task<byte[]> ReadAsync(IContentStore store, ContentInfo info)
    {
        await using var reader = await store.OpenAsync(info.Id) ?? throw new InvalidOperationException("It is not there.");
        await using var stream = new ContentStream(reader, ContentArea.Data, 0);
        var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes);
        return bytes.ToArray();
    }
}
