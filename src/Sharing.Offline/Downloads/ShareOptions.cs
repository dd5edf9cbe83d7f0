using System.Text.Json.Serialization;

namespace Sharing.Offline;

/// <summary>How an item is shared.</summary>
public sealed record ShareOptions
{
    /// <summary>Who may see it.</summary>
    public Audience Audience { get; init => field = value ?? Audience.Friends; } = Audience.Friends;

    /// <summary>What people read; the item's name when left out.</summary>
    public string? Text { get; init; }

    /// <summary>The caller's key; left out, sharing one item with one audience again is the same share. Over HTTP it travels as the header <c>Idempotency-Key</c>.</summary>
    [JsonIgnore]
    public string? Key { get; init; }
}
