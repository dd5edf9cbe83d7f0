using Sharing.Offline;

namespace Sharing.Testing;

/// <summary>A social network of the kind that we serve ourselves, and the means to relate people.</summary>
public sealed record NetworkUnderTest
{
    /// <summary>The network. It shows nothing yet.</summary>
    public required ISocialNetwork Network { get; init; }

    /// <summary>Makes two people friends, or ends it.</summary>
    public required Func<PersonId, PersonId, bool, Task> BefriendAsync { get; init; }

    /// <summary>Makes the first follow the second, or ends it.</summary>
    public required Func<PersonId, PersonId, bool, Task> FollowAsync { get; init; }

    /// <summary>Lets some time pass on the network's clock, so that what follows is newer.</summary>
    public required Func<Task> PassTimeAsync { get; init; }
}
