namespace Sharing.Core;

/// <summary>What one person may do. Where a number is <c>null</c> nothing is counted.</summary>
/// <remarks>Numbers a day are a bucket that is full at first and fills again evenly: so much at once, and so much more in each day.</remarks>
public abstract class PersonLimits
{
    /// <summary>How many bytes his uploads may take, those under way included; <c>null</c>: <see cref="UploadOptions.SpacePerPerson"/>.</summary>
    public long? BytesPerPerson { get; set; }

    /// <summary>Posts a day.</summary>
    public int? PostsPerDay { get; set; }

    /// <summary>Comments a day.</summary>
    public int? CommentsPerDay { get; set; }

    /// <summary>Resources a day that the offline library is to fetch for him.</summary>
    public int? FetchesPerDay { get; set; }

    /// <summary>Mails a day to addresses that he typed in. 100.</summary>
    public int? MailsToStrangersPerDay { get; set; } = 100;

    /// <summary>Receivers of his messages a day.</summary>
    public int? MessagesPerDay { get; set; }

    internal int? Of(LimitedDoor door) => door switch
    {
        LimitedDoor.Posts => PostsPerDay,
        LimitedDoor.Comments => CommentsPerDay,
        LimitedDoor.Fetches => FetchesPerDay,
        LimitedDoor.MailsToStrangers => MailsToStrangersPerDay,
        LimitedDoor.Messages => MessagesPerDay,
        _ => throw new ArgumentOutOfRangeException(nameof(door)),
    };

    internal IEnumerable<long?> All => [BytesPerPerson, .. Enum.GetValues<LimitedDoor>().Select(door => (long?)Of(door))];
}
