using System.Text.Json.Serialization;

namespace Sharing.Offline;

/// <summary>What is shared, with whom.</summary>
public sealed record ShareRequest
{
    /// <summary>The greatest length of a text, in characters.</summary>
    public const int MaxTextLength = 5000;

    /// <summary>The resource.</summary>
    public required Resource Resource { get; init; }

    /// <summary>Who may see it.</summary>
    public required Audience Audience { get; init; }

    /// <summary>What people read; the resource's name when left out.</summary>
    public string? Text { get; init; }

    /// <summary>The caller's key: a repeat with the same key is the same share. At most 200 characters. Left out, each call is a share of its own. Over HTTP it travels as the header <c>Idempotency-Key</c>.</summary>
    [JsonIgnore]
    public string? Key { get; init; }
}
