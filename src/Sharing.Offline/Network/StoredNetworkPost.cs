namespace Sharing.Offline;

/// <summary>A post of the network, or a reshare of one, as it stands in its record.</summary>
sealed record StoredNetworkPost
{
    public required string Id { get; init; }

    public required PersonId Author { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>The post; <c>null</c> for a reshare and for one that was withdrawn.</summary>
    public Post? Post { get; init; }

    /// <summary>Of a reshare: the original.</summary>
    public string? OriginalId { get; init; }

    public int Comments { get; init; }

    /// <summary>Of a withdrawn post: the revision that withdrew it.</summary>
    public int Withdrawn { get; init; }

    public static RecordKey KeyOf(string id) => RecordKey.Of("network-post", id);
}
