#pragma warning disable MA0048, CS1591 // small messages of one page, plain to read
namespace Sharing.Offline;

/// <summary>A page of somebody's own posts.</summary>
/// <param name="Posts">The posts.</param>
/// <param name="Next">Pass it on as <c>cursor</c>; <c>null</c> on the last page. Opaque.</param>
public sealed record PostPage(IReadOnlyList<SharedPost> Posts, string? Next);

/// <summary>What opens an account at a network.</summary>
/// <param name="Token">The secret.</param>
/// <param name="Server">Where it is: for a network that has many servers.</param>
/// <param name="Name">What it is called there: for a network that wants a name.</param>
public sealed record AccountToken(string? Token, Uri? Server = null, string? Name = null);

/// <summary>The text of a new comment.</summary>
/// <param name="Text">The text.</param>
public sealed record CommentText(string Text);

/// <summary>What a stream ticket is wanted for.</summary>
/// <param name="Path">The path that will be opened, as in its address, without the query.</param>
public sealed record StreamTicketRequest(string? Path);

/// <summary>Opens a stream of events where no token can be sent.</summary>
/// <param name="Ticket">Goes into the address as the query's <c>ticket</c>.</param>
/// <param name="ExpiresAt">By when the stream must have been opened.</param>
public sealed record StreamTicket(string Ticket, DateTimeOffset ExpiresAt);

/// <summary>A question about relationships.</summary>
/// <param name="Person">Seen from him.</param>
/// <param name="Others">To each of these; at most 1,000.</param>
public sealed record BetweenQuestion(PersonId Person, IReadOnlyList<PersonId> Others);

/// <summary>A question about groups of friends.</summary>
/// <param name="Member">Who may belong to them.</param>
/// <param name="Groups">To which of these; at most 1,000.</param>
public sealed record MembershipQuestion(PersonId Member, IReadOnlyList<GroupName> Groups);

/// <summary>How one person is related to another.</summary>
/// <param name="Person">The other.</param>
/// <param name="Friend">They are friends.</param>
/// <param name="Follows">The first follows the other.</param>
/// <param name="FollowedBy">The other follows the first.</param>
public sealed record RelationshipAnswer(PersonId Person, bool Friend, bool Follows, bool FollowedBy)
{
    /// <summary>Their flags, in the order of the properties here.</summary>
    static readonly RelationshipKinds[] Others = [RelationshipKinds.Found, RelationshipKinds.Invited, RelationshipKinds.InvitedBy, RelationshipKinds.Blocks, RelationshipKinds.BlockedBy];

    public bool Found { get; init; }

    public bool Invited { get; init; }

    public bool InvitedBy { get; init; }

    public bool Blocks { get; init; }

    public bool BlockedBy { get; init; }

    public RelationshipKinds ToKinds()
    {
        bool[] said = [Found, Invited, InvitedBy, Blocks, BlockedBy];
        return (Friend ? RelationshipKinds.Friend : 0) | (Follows ? RelationshipKinds.Follows : 0) | (FollowedBy ? RelationshipKinds.FollowedBy : 0)
            | Others.Where((_, i) => said[i]).Aggregate(RelationshipKinds.None, static (all, one) => all | one);
    }

    public static RelationshipAnswer From(PersonId person, RelationshipKinds kinds) => new(
        person, kinds.HasFlag(RelationshipKinds.Friend), kinds.HasFlag(RelationshipKinds.Follows), kinds.HasFlag(RelationshipKinds.FollowedBy))
    {
        Found = kinds.HasFlag(RelationshipKinds.Found), Invited = kinds.HasFlag(RelationshipKinds.Invited), InvitedBy = kinds.HasFlag(RelationshipKinds.InvitedBy),
        Blocks = kinds.HasFlag(RelationshipKinds.Blocks), BlockedBy = kinds.HasFlag(RelationshipKinds.BlockedBy),
    };
}
