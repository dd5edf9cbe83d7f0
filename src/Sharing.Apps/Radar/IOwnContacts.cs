namespace Sharing.Apps;

/// <summary>The numbers and mail addresses that a host has found to be a person's own (row A1). A product fills it from its own tables.</summary>
/// <remarks>Thread-safe singleton. Only what was verified: under these others list him.</remarks>
public interface IOwnContacts
{
    /// <summary>Those of a person, in normal form (<see cref="IContactNormalizer"/>); none where he is known by his name alone.</summary>
    ValueTask<IReadOnlyList<string>> OfAsync(PersonId person, CancellationToken cancellationToken = default);
}
