namespace Sharing.Messaging;

/// <summary>A message to be sent. What it brings is named in one way of four.</summary>
public sealed record MessageDraft
{
    /// <summary>The most receivers.</summary>
    public const int MostReceivers = 1000;

    /// <summary>The most characters of text.</summary>
    public const int MostText = 2000;

    /// <summary>Who gets it: network ids, as they were typed or taken from a list (row M3).</summary>
    public required IReadOnlyList<string> To { get; init; }

    /// <summary>What the sender writes.</summary>
    public string? Text { get; init; }

    /// <summary>A resource that is somewhere else.</summary>
    public MessageResource? Resource { get; init; }

    /// <summary>Something of the sender's that was uploaded for the purpose "messages".</summary>
    public string? Upload { get; init; }

    /// <summary>A message that the sender has received or sent (row M5).</summary>
    public MessageId? Forward { get; init; }

    /// <summary>Something from the server's catalogue.</summary>
    public CatalogItemId? Item { get; init; }
}
