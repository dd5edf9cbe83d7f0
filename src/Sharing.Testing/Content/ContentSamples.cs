namespace Sharing.Testing;

/// <summary>Ids, bytes and made-up group hashes for the content suites: the same for the same number.</summary>
static class ContentSamples
{
    public delegate ValueTask<int> Read(ContentArea area, long offset, Memory<byte> buffer, CancellationToken cancellationToken);

    public static ContentId Id(int seed) => new(Fill(seed, ContentId.Size));

    public static byte[] Bytes(int length) => Fill(length, length);

    public static byte[] Groups(int length) => Fill(length + 1, GroupsLength(length));

    /// <summary>The groups area of the published sample: made up, but for a content of one group, whose hash is its id.</summary>
    public static byte[] Groups(ContentInfo info)
    {
        if (GroupsLength(info.Length) > ContentId.Size)
        {
            return Groups((int)info.Length);
        }

        var id = new byte[ContentId.Size];
        info.Id.CopyTo(id);
        return id;
    }

    /// <summary>32 bytes for each group of 65,536, at least one.</summary>
    public static int GroupsLength(long length) => 32 * (int)Math.Max(1, (length + 65_535) / 65_536);

    /// <summary>Reads an area to its end, in odd pieces.</summary>
    public static async Task<byte[]> ReadAllAsync(Read read, ContentArea area, CancellationToken cancellationToken)
    {
        using var all = new MemoryStream();
        var buffer = new byte[40_009];
        while (await read(area, all.Length, buffer, cancellationToken) is > 0 and var count)
        {
            all.Write(buffer, 0, count);
        }

        return all.ToArray();
    }

    static byte[] Fill(int seed, int length)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
