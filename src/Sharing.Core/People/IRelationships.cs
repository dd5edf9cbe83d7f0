namespace Sharing.Core;

/// <summary>A person's own side of his relationships: what he says of others. Absent where a product keeps relationships in tables of its own.</summary>
/// <remarks>Thread-safe singleton. Idempotent: saying the same again changes nothing.</remarks>
public interface IRelationships
{
    /// <summary>The actor follows somebody, or no longer.</summary>
    Task FollowAsync(PersonId actor, PersonId other, bool follows, CancellationToken cancellationToken = default);

    /// <summary>The actor calls somebody a friend. They are friends when both do. Or no longer: that ends a friendship, declines the other's request, and
    /// takes back one's own; either may ask again.</summary>
    Task BefriendAsync(PersonId actor, PersonId other, bool friend, CancellationToken cancellationToken = default);

    /// <summary>The actor wants nothing to do with somebody, or no longer so. It ends what was between them, and while it lasts nothing begins; the other is not told.</summary>
    Task BlockAsync(PersonId actor, PersonId other, bool blocks, CancellationToken cancellationToken = default);

    /// <summary>Those who called the actor a friend and wait for his answer.</summary>
    IAsyncEnumerable<PersonId> RequestsAsync(PersonId actor, CancellationToken cancellationToken = default);
}
