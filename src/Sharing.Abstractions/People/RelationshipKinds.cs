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
}
