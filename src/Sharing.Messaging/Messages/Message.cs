namespace Sharing.Messaging;

/// <summary>A message as its receiver has it.</summary>
public sealed record Message
{
    /// <summary>Its id, the same for all who received it.</summary>
    public required MessageId Id { get; init; }

    /// <summary>Its place in the inbox: 1 and up, in the order of arrival. A reader's cursor.</summary>
    public required long Number { get; init; }

    /// <summary>How it came to be here.</summary>
    public required MessageKind Kind { get; init; }

    /// <summary>Who sent it; <c>null</c>: the server itself.</summary>
    public PersonId? From { get; init; }

    /// <summary>When it was sent.</summary>
    public required DateTimeOffset Sent { get; init; }

    /// <summary>What it brings.</summary>
    public required MessageResource Resource { get; init; }

    /// <summary>What the sender wrote.</summary>
    public string? Text { get; init; }

    /// <summary>Why the server chose it for this receiver, as a sentence.</summary>
    public string? Because { get; init; }
}
