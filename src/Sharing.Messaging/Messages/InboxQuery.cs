namespace Sharing.Messaging;

/// <summary>From where an inbox is read.</summary>
public sealed record InboxQuery
{
    /// <summary>The most messages at once.</summary>
    public const int Most = 200;

    /// <summary>After this number; <c>null</c>: after what <see cref="Device"/> has acknowledged.</summary>
    public long? After { get; init; }

    /// <summary>The terminal that reads, by a name of the person's choice; <c>null</c>: none, which has acknowledged nothing.</summary>
    public string? Device { get; init; }

    /// <summary>Instead: those before this number, as many as are asked for, in the order of arrival; beyond the last: the newest.</summary>
    public long? Before { get; init; }

    /// <summary>How many messages at most.</summary>
    public int Count { get; init; } = 50;
}
