namespace Sharing.Testing;

/// <summary>A relationship graph, and the means to change what it says.</summary>
public sealed record GraphUnderTest
{
    /// <summary>The graph. It says nothing of anybody yet.</summary>
    public required IRelationshipGraph Graph { get; init; }

    /// <summary>Makes two people friends, or ends it.</summary>
    public required Func<PersonId, PersonId, bool, Task> BefriendAsync { get; init; }

    /// <summary>Makes the first follow the second, or ends it.</summary>
    public required Func<PersonId, PersonId, bool, Task> FollowAsync { get; init; }
}
