namespace Sharing.Core;

/// <summary>Relationships that nobody declared but something found: <see cref="RelationshipKinds.Found"/>. Thread-safe singleton; where one is registered, the host's graph tells of it.</summary>
public interface IFoundRelationships
{
    /// <summary>Which of some people were found for a person.</summary>
    ValueTask<IReadOnlySet<PersonId>> AmongAsync(PersonId person, IReadOnlyCollection<PersonId> others, CancellationToken cancellationToken = default);

    /// <summary>All who were found for a person.</summary>
    ValueTask<IReadOnlySet<PersonId>> OfAsync(PersonId person, CancellationToken cancellationToken = default);
}
