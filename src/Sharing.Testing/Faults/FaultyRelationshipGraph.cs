namespace Sharing.Testing;

/// <summary>Relationships whose data base goes wrong as planned: <c>graph.between</c>, <c>graph.related</c>, <c>graph.groups</c>. Thread-safe.</summary>
public sealed class FaultyRelationshipGraph(IRelationshipGraph inner, FaultPlan plan) : IRelationshipGraph
{
    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<PersonId, RelationshipKinds>> BetweenAsync(
        PersonId person, IReadOnlyCollection<PersonId> others, CancellationToken cancellationToken = default) =>
        plan.RunAsync("graph.between", () => inner.BetweenAsync(person, others, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<PersonId, RelationshipKinds>> RelatedAsync(
        PersonId person, RelationshipKinds kinds, CancellationToken cancellationToken = default) =>
        plan.RunAsync("graph.related", () => inner.RelatedAsync(person, kinds, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlySet<GroupName>> GroupsAsync(PersonId member, IReadOnlyCollection<GroupName> groups, CancellationToken cancellationToken = default) =>
        plan.RunAsync("graph.groups", () => inner.GroupsAsync(member, groups, cancellationToken), cancellationToken);
}
