namespace Sharing;

/// <summary>How one person is related to another, seen from the first.</summary>
[Flags]
public enum RelationshipKinds
{
    /// <summary>Not at all.</summary>
    None = 0,

    /// <summary>Both said that they are friends.</summary>
    Friend = 1,

    /// <summary>The first follows the other.</summary>
    Follows = 2,

    /// <summary>The other follows the first.</summary>
    FollowedBy = 4,

    /// <summary>The radar found that they share contacts. It opens lists of apps, and nothing else, until both say that they are friends.</summary>
    Found = 8,

    /// <summary>The first calls the other a friend, who has not answered.</summary>
    Invited = 16,

    /// <summary>The other calls the first a friend, who has not answered.</summary>
    InvitedBy = 32,

    /// <summary>The first wants nothing to do with the other: nothing else holds between them.</summary>
    Blocks = 64,

    /// <summary>The other wants nothing to do with the first: nothing else holds between them.</summary>
    BlockedBy = 128,
}
