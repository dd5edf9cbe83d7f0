namespace Sharing;

/// <summary>For authors of <see cref="IContentStore"/>: the arithmetic that every store shares, and what it refuses. docs/formats/content.md is its norm.</summary>
public static class ContentLayout
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

    /// <summary>Whether a text may be the key of a partial content.</summary>
    public static bool IsKey(ReadOnlySpan<char> key) =>
        key is { Length: > 0 and <= MaxKeyLength } && key[0] != '.' && !key.ContainsAnyExcept("abcdefghijklmnopqrstuvwxyz0123456789-.");

    /// <summary>Refuses a key that cannot be one.</summary>
    /// <exception cref="ArgumentException">It cannot.</exception>
    public static void RequireKey(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (!IsKey(key))
        {
            throw new ArgumentException("A key is 1 to 100 characters of a-z 0-9 - . and does not begin with a dot.", nameof(key));
        }
    }

    /// <summary>Refuses the default id.</summary>
    /// <exception cref="ArgumentException">It is the default.</exception>
    public static void RequireId(ContentId id)
    {
        if (id.IsDefault)
        {
            throw new ArgumentException("A content id is missing.", nameof(id));
        }
    }

    /// <summary>Refuses to publish what is not there: an area shorter than the content needs.</summary>
    /// <param name="info">What is to be published.</param>
    /// <param name="data">The bytes of data that are there.</param>
    /// <param name="groups">The bytes of group hashes that are there.</param>
    /// <exception cref="ArgumentException">It cannot be published.</exception>
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
    /// <returns>The bytes read.</returns>
    public static int ReadOnlyGroup(ContentId id, long offset, Span<byte> buffer)
    {
        Span<byte> hash = stackalloc byte[HashSize];
        id.CopyTo(hash);
        var rest = hash[(int)Math.Min(offset, HashSize)..];
        var count = Math.Min(rest.Length, buffer.Length);
        rest[..count].CopyTo(buffer);
        return count;
    }

    /// <summary>Refuses an area that there is not.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is refused.</exception>
    public static void RequireArea(ContentArea area) => AreaLength(area, 0);

    /// <summary>Refuses an offset below zero, or so far out that a read or write of that many bytes would have no end.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is refused.</exception>
    public static void RequireRange(long offset, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, long.MaxValue - count, nameof(offset));
    }

    /// <summary>What to throw where a partial content is open.</summary>
    public static SharingException OpenAlready(string key) =>
        new(ProblemCodes.Conflict, $"The partial content '{key}' is open already.");
}
