namespace Sharing;

/// <summary>A range of keys: from, inclusive, to, exclusive, bytewise.</summary>
public sealed record RecordRange
{
    RecordRange(string from, string to) => (From, To) = (from, to);

    /// <summary>The first key that may be in it.</summary>
    public string From { get; }

    /// <summary>The first key behind it.</summary>
    public string To { get; }

    /// <summary>All records there are.</summary>
    public static RecordRange All { get; } = new("-", "{"); // a kind is lower-case letters and hyphens, and '{' follows 'z'

    /// <summary>All records whose key goes on from these parts.</summary>
    public static RecordRange Under(string kind, params ReadOnlySpan<string> parts)
    {
        var prefix = RecordKey.Join(kind, parts);
        return new(prefix + "/", prefix + "0"); // '0' follows '/'
    }

    /// <summary>One record, if it is there.</summary>
    public static RecordRange One(RecordKey key) => new(key.Value, key.Value + "\0");

    /// <summary>What of this range comes after a key.</summary>
    public RecordRange After(RecordKey key) => new(string.CompareOrdinal(key.Value, From) < 0 ? From : key.Value + "\0", To);

    /// <summary>What of this range comes before a key.</summary>
    public RecordRange Before(RecordKey key) => new(From, string.CompareOrdinal(key.Value, To) < 0 ? key.Value : To);
}
