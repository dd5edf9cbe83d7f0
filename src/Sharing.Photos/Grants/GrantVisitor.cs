namespace Sharing.Photos;

/// <summary>Who stands before an entry link.</summary>
/// <param name="Person">As whom he has signed in; <c>null</c>: not at all.</param>
/// <param name="Address">The mail address that he has shown to be his (<see cref="IPhotoEntries"/>).</param>
public readonly record struct GrantVisitor(PersonId? Person, string? Address = null);
