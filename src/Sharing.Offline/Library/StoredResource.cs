namespace Sharing.Offline;

/// <summary>A resource of the library as it stands in its record: what is true of it for everybody who holds it.</summary>
sealed record StoredResource
{
    public required Resource Resource { get; init; }

    public required OfflineState State { get; init; }

    public ContentInfo? Content { get; init; }

    public DateTimeOffset? StoredAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public string? Failure { get; init; }

    /// <summary>How often fetching it was tried and failed.</summary>
    public int Attempts { get; init; }

    public static RecordKey KeyOf(ResourceId id) => RecordKey.Of("offline", id.Value);

    public static RecordKey HoldOf(ResourceId id, PersonId person) => RecordKey.Of("offline-hold", id.Value, person.Value);

    public static RecordKey HeldBy(PersonId person, ResourceId id) => RecordKey.Of("offline-by", person.Value, id.Value);

    public static RecordKey ExpiryOf(DateTimeOffset at, ResourceId id) =>
        RecordKey.Of("offline-expiry", RecordKey.Number(at.ToUnixTimeMilliseconds()), id.Value);

    /// <summary>The item as one holder sees it: what another one said of the resource (a name, further values) is none of his business.</summary>
    public OfflineItem ToItem(ResourceId id, Resource held) => new()
    {
        Id = id,
        Resource = State != OfflineState.Stored ? held : held with
        {
            Length = Content?.Length,
            ContentId = Content?.Id,
            MediaType = held.MediaType ?? Resource.MediaType,
        },
        State = State,
        Content = State == OfflineState.Stored ? Content : null,
        StoredAt = StoredAt,
        ExpiresAt = ExpiresAt,
        Failure = Failure,
    };
}
