namespace Sharing;

/// <summary>The key of a record: its kind and the parts that follow, in ASCII, joined by slashes.</summary>
/// <remarks>Parts are percent-encoded (RFC 3986, everything but unreserved characters), so that any text can be a part, keys
/// hold ASCII alone and sort bytewise the same in every database. At most 1,000 characters.</remarks>
public readonly record struct RecordKey : IComparable<RecordKey>
{
    /// <summary>The greatest length, in characters.</summary>
    public const int MaxLength = 1000;

    readonly string? _value;

    RecordKey(string value) => _value = value;

    /// <summary>The key as text.</summary>
    public string Value => _value ?? throw new InvalidOperationException("A record key is missing.");

    /// <summary>The kind: the first part.</summary>
    public string Kind => Value.IndexOf('/', StringComparison.Ordinal) is var slash and > 0 ? Value[..slash] : Value;

    /// <summary>Makes a key.</summary>
    /// <param name="kind">What sort of record it is: lower-case letters and hyphens.</param>
    /// <param name="parts">The parts, any text.</param>
    /// <exception cref="ArgumentException">The kind is malformed, a part is empty, or the key is too long.</exception>
    public static RecordKey Of(string kind, params ReadOnlySpan<string> parts) => new(Join(kind, parts));

    /// <summary>Takes a key as a store kept it.</summary>
    public static RecordKey FromStored(string value) =>
        value is { Length: > 0 and <= MaxLength } ? new(value) : throw new ArgumentException("Not a record key.", nameof(value));

    /// <summary>A non-negative number as a part that sorts by value.</summary>
    public static string Number(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        return value.ToString("D19", System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>A non-negative number as a part that sorts the largest first.</summary>
    public static string Descending(long value) => Number(long.MaxValue - value);

    /// <summary>One part of the key, decoded; 0 is the first part after the kind.</summary>
    public string Part(int index) => Uri.UnescapeDataString(Value.Split('/')[index + 1]);

    /// <inheritdoc/>
    public int CompareTo(RecordKey other) => string.CompareOrdinal(_value, other._value);

    /// <inheritdoc/>
    public override string ToString() => _value ?? "";

    internal static string Join(string kind, ReadOnlySpan<string> parts)
    {
        if (kind.Length == 0 || kind.AsSpan().ContainsAnyExcept("abcdefghijklmnopqrstuvwxyz-"))
        {
            throw new ArgumentException("A kind is lower-case letters and hyphens.", nameof(kind));
        }

        var key = kind;
        foreach (var part in parts)
        {
            ArgumentException.ThrowIfNullOrEmpty(part, nameof(parts));
            key += "/" + Uri.EscapeDataString(part);
        }

        return key.Length <= MaxLength
            ? key
            : throw new ArgumentException($"A record key has at most {MaxLength} characters.", nameof(parts));
    }

#pragma warning disable CS1591 // the usual operators
    public static bool operator <(RecordKey left, RecordKey right) => left.CompareTo(right) < 0;
    public static bool operator >(RecordKey left, RecordKey right) => left.CompareTo(right) > 0;
    public static bool operator <=(RecordKey left, RecordKey right) => left.CompareTo(right) <= 0;
    public static bool operator >=(RecordKey left, RecordKey right) => left.CompareTo(right) >= 0;
#pragma warning restore CS1591
}
