namespace Sharing.Tests.Http;

/// <summary>Who asks, seen from the owner of what is asked for.</summary>
public enum Actor
{
    /// <summary>Without any credentials.</summary>
    Anonymous,

    /// <summary>Signed in, and nothing to the owner.</summary>
    Stranger,

    /// <summary>Follows the owner.</summary>
    Follower,

    /// <summary>The owner's friend.</summary>
    Friend,

    /// <summary>Was the owner's friend, and named in nothing.</summary>
    FormerFriend,

    /// <summary>Named in what is for named people; nothing else.</summary>
    Named,

    /// <summary>The owner.</summary>
    Owner,

    /// <summary>Followed the owner while he commented on what he saw, and follows no longer.</summary>
    Commenter,

    /// <summary>Another host of the same operator: no person.</summary>
    Host,

    /// <summary>With a token that nobody has any more.</summary>
    DeadToken,
}
