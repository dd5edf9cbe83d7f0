namespace Sharing.Offline;

/// <summary>An item of a download list as it stands in its record.</summary>
sealed record StoredDownload
{
    public required PersonId Owner { get; init; }

    public required DownloadId Id { get; init; }

    public required Resource Resource { get; init; }

    public required DownloadState State { get; init; }

    public required DateTimeOffset AddedAt { get; init; }

    /// <summary>Makes the keys of what it shares differ from those of the same person's other terminals.</summary>
    public required string Nonce { get; init; }

    /// <summary>Whether the name was chosen; else the origin's own, once it says one, is better than the address's.</summary>
    public bool NameGiven { get; init; }

    /// <summary>Bytes that were there when it last stopped; for people to read, the transfer has its own account.</summary>
    public long Done { get; init; }

    public ContentInfo? Content { get; init; }

    public PostId? From { get; init; }

    public PostId? SharedAs { get; init; }

    /// <summary>Whether the post has yet to be told what is known by now.</summary>
    public bool MustTell { get; init; }

    public string? SavedAs { get; init; }

    public string? Failure { get; init; }

    public string TransferKey => "download-" + Nonce;

    public string ReferenceName => "download/" + Nonce;

    public static RecordKey KeyOf(PersonId owner, DownloadId id) => RecordKey.Of("download", owner.Value, RecordKey.Number(id.Number));

    public DownloadItem ToItem() => new()
    {
        Id = Id,
        Resource = Resource,
        State = State,
        AddedAt = AddedAt,
        Done = Content?.Length ?? Done,
        From = From,
        SharedAs = SharedAs,
        SavedAs = SavedAs,
        Failure = Failure,
    };
}

/// <summary>What a caller's key stands for: what he asked for with it, and the item.</summary>
sealed record DownloadKeyEntry
{
    public required Uri Address { get; init; }

    public string? Name { get; init; }

    public int Id { get; init; }
}
