using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Sharing.Core;

/// <summary>What a client says of the bytes that it will send: names and values, as the header <c>Upload-Metadata</c> of tus 1.0.0 has them. Claims, not
/// facts: nothing in it was checked. Immutable.</summary>
public sealed class UploadMetadata
{
    /// <summary>The greatest length of the header, in characters.</summary>
    public const int MaxLength = 8192;

    readonly Dictionary<string, byte[]> _values;

    UploadMetadata(string header, Dictionary<string, byte[]> values) => (Header, _values) = (header, values);

    /// <summary>Nothing said.</summary>
    public static UploadMetadata Empty { get; } = new("", []);

    /// <summary>The header as the client sent it.</summary>
    public string Header { get; }

    /// <summary>The names.</summary>
    public IReadOnlyCollection<string> Names => _values.Keys;

    /// <summary>The value of a name as text, or <c>null</c> where there is none or where it is not UTF-8. Names are compared by their characters.</summary>
    public string? this[string name]
    {
        get
        {
            try
            {
                return _values.TryGetValue(name, out var value) ? Strict.GetString(value) : null;
            }
            catch (DecoderFallbackException)
            {
                return null;
            }
        }
    }

    static UTF8Encoding Strict { get; } = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Writes names and values as a header.</summary>
    /// <exception cref="ArgumentException">A name is empty, occurs twice, or has a space, a comma or what is not printable ASCII; or all together is too long.</exception>
    public static UploadMetadata Of(IEnumerable<KeyValuePair<string, string>> values)
    {
        var header = string.Join(',', values.Select(pair => $"{pair.Key} {Convert.ToBase64String(Strict.GetBytes(pair.Value))}"));
        return TryParse(header, out var metadata) ? metadata : throw new ArgumentException("Upload metadata has a name that does not fit, or is too long.", nameof(values));
    }

    /// <summary>Reads the header, or says that it does not fit: pairs with commas between, each a name that occurs once, then, where there is a value, a space
    /// and the value in Base64.</summary>
    public static bool TryParse(string? header, [NotNullWhen(true)] out UploadMetadata? metadata)
    {
        metadata = null;
        if (string.IsNullOrEmpty(header))
        {
            metadata = Empty;
            return true;
        }

        var values = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        if (header.Length > MaxLength)
        {
            return false;
        }

        foreach (var pair in header.Split(',', StringSplitOptions.TrimEntries))
        {
            var parts = pair.Split(' ', 2);
            var value = new byte[parts.Length == 2 ? parts[1].Length : 0];
            if (!IsName(parts[0]) || !Convert.TryFromBase64String(parts.ElementAtOrDefault(1) ?? "", value, out var length)
                || pair.Count(' ') > 1 || !values.TryAdd(parts[0], value[..length]))
            {
                return false;
            }
        }

        metadata = new(header, values);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Header;

    static bool IsName(string name) => name.Length > 0 && !name.AsSpan().ContainsAnyExceptInRange('!', '~');
}

file static class Counting
{
    public static int Count(this string text, char one) => text.AsSpan().Count(one);
}
