namespace Sharing.Tests.Http;

/// <summary>What is asked for, and what state it is in. A reshare is by somebody who may see the original; it is named after the original's audience.</summary>
public enum Subject
{
    /// <summary>The route names nothing: it is about the caller himself.</summary>
    Self,

    /// <summary>A post for everyone.</summary>
    Everyone,

    /// <summary>A post for the owner's followers.</summary>
    Followers,

    /// <summary>A post for the owner's friends.</summary>
    Friends,

    /// <summary>A post for one named person (and for the one who reshares).</summary>
    Named,

    /// <summary>A post that was for everyone, and was taken back.</summary>
    Withdrawn,

    /// <summary>A reshare of the post for everyone.</summary>
    EveryoneReshared,

    /// <summary>A reshare of the post for followers.</summary>
    FollowersReshared,

    /// <summary>A reshare of the post for friends.</summary>
    FriendsReshared,

    /// <summary>A reshare of the post for one named person.</summary>
    NamedReshared,

    /// <summary>A reshare of the post that was taken back afterwards.</summary>
    WithdrawnReshared,

    /// <summary>In the offline library, held by the owner.</summary>
    Held,

    /// <summary>In the offline library, held by somebody who is none of the actors.</summary>
    HeldByAnother,

    /// <summary>On the owner's download list: it runs.</summary>
    Running,

    /// <summary>On the owner's download list: it is complete.</summary>
    Finished,

    /// <summary>On the owner's download list: he paused it.</summary>
    Paused,

    /// <summary>On the owner's download list: it failed.</summary>
    Failed,

    /// <summary>Was on the owner's download list, until he cancelled it.</summary>
    Cancelled,

    /// <summary>On the download list of somebody who is none of the actors.</summary>
    OnAnothersList,

    /// <summary>There is such a thing, and it is nobody's in particular.</summary>
    Existing,

    /// <summary>Well formed, and there is no such thing.</summary>
    NotExisting,

    /// <summary>A photo or a folder that is shown to nobody.</summary>
    Private,

    /// <summary>A grant for the friend.</summary>
    Granted,

    /// <summary>A grant for who was a friend when it was made.</summary>
    Unfriended,

    /// <summary>A grant that was closed.</summary>
    Revoked,

    /// <summary>Its time is over.</summary>
    Expired,

    /// <summary>Deleted, or a grant of what is.</summary>
    Deleted,

    /// <summary>It cannot be an id at all.</summary>
    Malformed,
}
