namespace Sharing.Messaging;

/// <summary>A message as its sender has it.</summary>
public sealed record SentMessage
{
    /// <summary>Its id.</summary>
    public required MessageId Id { get; init; }

    /// <summary>When it was sent.</summary>
    public required DateTimeOffset Sent { get; init; }

    /// <summary>What it brings.</summary>
    public required MessageResource Resource { get; init; }

    /// <summary>What the sender wrote.</summary>
    public string? Text { get; init; }

    /// <summary>Each receiver, in the order of the draft.</summary>
    public required IReadOnlyList<Delivery> To { get; init; }
}
