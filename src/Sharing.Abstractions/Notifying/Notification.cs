namespace Sharing;

/// <summary>What one person is told.</summary>
public sealed record Notification
{
    /// <summary>Names it among all: 1 to 100 letters, digits and hyphens. Whoever gets one twice can tell by it.</summary>
    public required string Key { get; init; }

    /// <summary>Who is told, where he is known.</summary>
    public PersonId? Person { get; init; }

    /// <summary>His mail address, where there is one.</summary>
    public string? Address { get; init; }

    /// <summary>What it is about, in one line.</summary>
    public required string Title { get; init; }

    /// <summary>All of it as plain text.</summary>
    public required string Text { get; init; }

    /// <summary>All of it as the inside of an HTML body; pictures are referred to as <c>cid:</c> and their id. <c>null</c>: there is only the text.</summary>
    public string? Html { get; init; }

    /// <summary>The pictures in it.</summary>
    public IReadOnlyList<NotificationPicture> Pictures { get; init => field = value ?? []; } = [];
}
