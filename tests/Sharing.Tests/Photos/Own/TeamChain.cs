namespace Sharing.Tests.Photos.Own;

/// <summary>A relationship chain that a product has already: who plays in the same team is a friend.</summary>
public sealed class TeamChain(IReadOnlyDictionary<PersonId, string> teamOf) : IRelationshipGraph
{
    public ValueTask<IReadOnlyDictionary<PersonId, RelationshipKinds>> BetweenAsync(PersonId person, IReadOnlyCollection<PersonId> others, CancellationToken cancellationToken = default) =>
        new(others.Where(other => AreTogether(person, other)).Distinct().ToDictionary(static other => other, static _ => RelationshipKinds.Friend));

    public ValueTask<IReadOnlyDictionary<PersonId, RelationshipKinds>> RelatedAsync(PersonId person, RelationshipKinds kinds, CancellationToken cancellationToken = default) =>
        BetweenAsync(person, kinds.HasFlag(RelationshipKinds.Friend) ? [.. teamOf.Keys] : [], cancellationToken);

    bool AreTogether(PersonId one, PersonId other) => one != other && teamOf.TryGetValue(one, out var team) && teamOf.GetValueOrDefault(other) == team;
}
