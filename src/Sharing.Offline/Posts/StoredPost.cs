using System.Text.Json.Serialization;

namespace Sharing.Offline;

/// <summary>A post as it stands in its record.</summary>
sealed record StoredPost
{
    public required PostId Id { get; init; }

    public required PersonId Owner { get; init; }

    public required Resource Resource { get; init; }

    public required Audience Audience { get; init; }

    public required string Text { get; init; }

    public required DateTimeOffset At { get; init; }

    public int Revision { get; init => field = Math.Max(1, value); } = 1;

    public bool Withdrawn { get; init; }

    public static RecordKey KeyOf(PostId id) => RecordKey.Of("post", id.Value);

    public Post ToPost(Uri link, string text, string? remoteId) => new()
    {
        Key = Id.Value,
        RemoteId = remoteId,
        Revision = Revision,
        Author = Owner,
        Text = text,
        Link = link,
        Resource = Resource,
        Audience = Audience,
        Withdrawn = Withdrawn,
        At = At,
    };
}

/// <summary>What a caller's key stands for.</summary>
/// <param name="Id">The post.</param>
/// <param name="Digest">A digest of the request that made it.</param>
sealed record PostKeyEntry(PostId Id, string Digest);

/// <summary>An account as it stands in its record.</summary>
/// <param name="Token">The secret.</param>
/// <param name="Server">Where it is.</param>
/// <param name="Name">What it is called there.</param>
/// <param name="Id">The network's own id of it.</param>
sealed record StoredAccount(string? Token, Uri? Server = null, string? Name = null, string? Id = null);

/// <summary>Whose an account is.</summary>
sealed record AccountOwner(PersonId Owner);

/// <summary>A ledger line as it stands in its record.</summary>
sealed record StoredLine
{
    public required LedgerLine Line { get; init; }

    /// <summary>Since when it is not known whether the network has the post: when the first attempt began that nothing is known of. Written
    /// before sending; what a later attempt is answered tells nothing of that one, unless the answer is that the network has the post.</summary>
    public DateTimeOffset? UncertainSince { get; init; }

    /// <summary>The revision that was sent then.</summary>
    public int UncertainRevision { get; init; }

    /// <summary>Until when an attempt may be under way; nobody else sends anything before. Also tells one attempt from another.</summary>
    public DateTimeOffset? SendingUntil { get; init; }

    /// <summary>Whether the network may show the post.</summary>
    [JsonIgnore]
    public bool MayBeThere => Line.RemoteId is not null || UncertainSince is not null;

    /// <summary>Whether nothing is left to do until somebody changes something.</summary>
    public bool IsSettled(StoredPost post, PublisherTraits traits) => Line switch
    {
        { State: PublishState.Refused or PublishState.Unknown } => true,
        { RemoteId: not null } => Line.Revision >= post.Revision || !traits.CanUpdate,
        _ => false,
    };

    public static RecordKey KeyOf(PostId post, string network) => RecordKey.Of("ledger", post.Value, network);
}
