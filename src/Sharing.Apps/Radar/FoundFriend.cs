namespace Sharing.Apps;

/// <summary>A friend whom the radar found.</summary>
/// <param name="Person">Who.</param>
/// <param name="Shared">Why: so many contacts are in both address books. Which ones is not told.</param>
/// <param name="Confirmed">Whether both said that they are friends: until then only lists of apps open to him.</param>
public sealed record FoundFriend(PersonId Person, int Shared, bool Confirmed);
