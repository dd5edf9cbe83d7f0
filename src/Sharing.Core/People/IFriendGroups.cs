namespace Sharing.Core;

/// <summary>A person's groups of friends, which only he sees. Absent where a product keeps relationships in tables of its own.</summary>
/// <remarks>Thread-safe singleton. Who belongs to which, <see cref="IRelationshipGraph.GroupsAsync"/> tells.</remarks>
public interface IFriendGroups
{
    /// <summary>The actor puts people into a group of his, instead of those in it before; nobody: the group is gone. Idempotent.</summary>
    /// <exception cref="SharingException"><see cref="ProblemCodes.InvalidInput"/>: the name is none, or there are too many people or groups.</exception>
    Task SaveAsync(PersonId actor, FriendGroup group, CancellationToken cancellationToken = default);

    /// <summary>The actor's groups.</summary>
    IAsyncEnumerable<FriendGroup> ListAsync(PersonId actor, CancellationToken cancellationToken = default);
}
