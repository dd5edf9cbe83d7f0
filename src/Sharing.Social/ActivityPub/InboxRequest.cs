namespace Sharing.Social;

/// <summary>A request to an inbox, as it came.</summary>
/// <param name="Target">Path and query.</param>
/// <param name="Headers">The headers; several of one name are joined by ", ".</param>
/// <param name="Body">The body, byte by byte.</param>
public sealed record InboxRequest(string Target, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    /// <summary>The largest body that is taken, in bytes.</summary>
    public const int MostBytes = 256 * 1024;

    internal string? Header(string name) => Headers.FirstOrDefault(header => string.Equals(header.Key, name, StringComparison.OrdinalIgnoreCase)).Value;
}
