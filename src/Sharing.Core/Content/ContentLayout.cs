namespace Sharing.Core;

/// <summary>The arithmetic that every store shares; docs/formats/content.md is its norm.</summary>
static class ContentLayout
{
    const int GroupSize = 65_536;
    const int HashSize = 32;
    const int MaxKeyLength = 100;

    /// <summary>Whether a content is one group: the hash of that is the content's id, which needs no keeping.</summary>
    public static bool IsOneGroup(long length) => length <= GroupSize;

    /// <summary>The exact length of an area of a content; the groups of an empty content hold one hash.</summary>
    public static long AreaLength(ContentArea area, long length) => area switch
    {
        ContentArea.Data => length,
        ContentArea.Groups => length == 0 ? HashSize : (((length - 1) / GroupSize) + 1) * HashSize,
        _ => throw new ArgumentOutOfRangeException(nameof(area), area, "There is no such area."),
    };

    public static bool IsKey(ReadOnlySpan<char> key) =>
        key is { Length: > 0 and <= MaxKeyLength } && key[0] != '.' && !key.ContainsAnyExcept("abcdefghijklmnopqrstuvwxyz0123456789-.");

    public static void RequireKey(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (!IsKey(key))
        {
            throw new ArgumentException("A key is 1 to 100 characters of a-z 0-9 - . and does not begin with a dot.", nameof(key));
        }
    }

    public static void RequireId(ContentId id)
    {
        if (id.IsDefault)
        {
            throw new ArgumentException("A content id is missing.", nameof(id));
        }
    }

    /// <summary>Refuses to publish what is not there: an area shorter than the content needs.</summary>
    public static void RequireEnough(ContentInfo info, long data, long groups)
    {
        RequireId(info.Id);
        ArgumentOutOfRangeException.ThrowIfNegative(info.Length, nameof(info));
        if (data < info.Length || (!IsOneGroup(info.Length) && groups < AreaLength(ContentArea.Groups, info.Length)))
        {
            throw new ArgumentException(
                $"A content of {info.Length} bytes cannot be made of {data} bytes of data and {groups} of groups.", nameof(info));
        }
    }

    /// <summary>Reads the groups area of a content of one group.</summary>
    public static int ReadOnlyGroup(ContentId id, long offset, Span<byte> buffer)
    {
        Span<byte> hash = stackalloc byte[HashSize];
        id.CopyTo(hash);
        var rest = hash[(int)Math.Min(offset, HashSize)..];
        var count = Math.Min(rest.Length, buffer.Length);
        rest[..count].CopyTo(buffer);
        return count;
    }

    public static void RequireRange(long offset, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, long.MaxValue - count, nameof(offset));
    }

    public static SharingException OpenAlready(string key) =>
        new(ProblemCodes.Conflict, $"The partial content '{key}' is open already.");
}
