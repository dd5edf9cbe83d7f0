namespace Sharing.Offline;

/// <summary>A post as our own social network shows it.</summary>
public sealed record NetworkPost
{
    /// <summary>Its id on the network: the key it was published under; of a reshare, one of its own.</summary>
    public required string Id { get; init; }

    /// <summary>Who shared it first (row R4).</summary>
    public required PersonId Author { get; init; }

    /// <summary>His name, where known.</summary>
    public string? AuthorName { get; init; }

    /// <summary>What people read.</summary>
    public required string Text { get; init; }

    /// <summary>The address that starts the download.</summary>
    public required Uri Link { get; init; }

    /// <summary>The resource.</summary>
    public required Resource Resource { get; init; }

    /// <summary>To what kind of audience it was shared.</summary>
    public required AudienceKind Audience { get; init; }

    /// <summary>When this appeared: of a reshare, when it was reshared.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Counts the author's changes.</summary>
    public int Revision { get; init => field = Math.Max(1, value); } = 1;

    /// <summary>Of a reshare: the original post's id.</summary>
    public string? OriginalId { get; init; }

    /// <summary>Of a reshare: who brought it to this reader.</summary>
    public PersonId? ResharedBy { get; init; }

    /// <summary>His name, where known.</summary>
    public string? ResharedByName { get; init; }

    /// <summary>How many comments there are.</summary>
    public int Comments { get; init; }
}
