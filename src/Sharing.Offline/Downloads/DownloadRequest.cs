using System.Text.Json.Serialization;

namespace Sharing.Offline;

/// <summary>What is to be downloaded.</summary>
public sealed record DownloadRequest
{
    /// <summary>Any http or https address, or the link of a post.</summary>
    public required Uri Address { get; init; }

    /// <summary>The name to save it under; by default the post's, the origin's, or the address's.</summary>
    public string? Name { get; init; }

    /// <summary>The caller's key: a repeat with the same key is the same item. At most 200 characters. Left out, each call adds an item of its own. Over
    /// HTTP it travels as the header <c>Idempotency-Key</c>.</summary>
    [JsonIgnore]
    public string? Key { get; init; }
}
